//! Decision diagrams over variables with a few values each, reduced and shared.
//!
//! A yes-or-no fact has two values, an age one value a band, a closed list one value an entry. What is
//! known of a variable is the set of its still possible values, a mask. A condition is definite when
//! only one end can be reached along possible values: that is "true in every completion" exactly,
//! because a reduced diagram tests a variable at most once on any path.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// A node: 0 is false, 1 is true.
pub(crate) type NodeId = u32;
/// A variable, by its place in the one order.
pub(crate) type Var = u16;
/// The still possible values of a variable, one bit a value.
pub(crate) type Mask = u16;

pub(crate) const FALSE: NodeId = 0;
pub(crate) const TRUE: NodeId = 1;

/// What ends can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    pub can_be_true: bool,
    pub can_be_false: bool,
}

impl Reach {
    pub(crate) const NONE: Self = Self { can_be_true: false, can_be_false: false };
    pub(crate) const fn definite(self) -> bool {
        self.can_be_true && !self.can_be_false
    }
    pub(crate) const fn possible(self) -> bool {
        self.can_be_true
    }
    pub(crate) const fn or(self, other: Self) -> Self {
        Self {
            can_be_true: self.can_be_true || other.can_be_true,
            can_be_false: self.can_be_false || other.can_be_false,
        }
    }
    /// As a byte that is not 0.
    pub(crate) fn byte(self) -> u8 {
        4 | u8::from(self.can_be_true) << 1 | u8::from(self.can_be_false)
    }
    /// From such a byte; nothing from 0.
    pub(crate) const fn from_byte(byte: u8) -> Option<Self> {
        if byte == 0 { None } else { Some(Self { can_be_true: byte & 2 != 0, can_be_false: byte & 1 != 0 }) }
    }
    pub(crate) const fn end(node: NodeId) -> Self {
        Self { can_be_true: node == TRUE, can_be_false: node != TRUE }
    }
    pub(crate) const fn both(self) -> bool {
        self.can_be_true && self.can_be_false
    }
}

/// Nodes that a walk has been to; most walks fork a few times at most.
type Seen = SmallVec<[NodeId; 32]>;

/// The nodes under a node, one a value; most variables have two or three values.
pub(crate) type Children = SmallVec<[NodeId; 4]>;

#[derive(Debug, Clone, Copy)]
struct Row {
    var: Var,
    arity: u8,
    first: u32,
    /// What is under a variable of two values once more: a walk then looks into one list only.
    two: (NodeId, NodeId),
}

impl Row {
    const END: Self = Self { var: Var::MAX, arity: 0, first: 0, two: (FALSE, FALSE) };

    /// `first` is the place of its children.
    fn new(var: Var, first: usize, children: &[NodeId]) -> Self {
        let (arity, first) = (u8::try_from(children.len()), u32::try_from(first));
        let two = if let [no, yes] = children { (*no, *yes) } else { (FALSE, FALSE) };
        Self { var, arity: arity.unwrap_or(u8::MAX), first: first.unwrap_or(u32::MAX), two }
    }
}

/// All diagrams of a pack, sharing what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Diagrams {
    arity: Vec<u8>,
    rows: Vec<Row>,
    children: Vec<NodeId>,
    unique: FxHashMap<(Var, Children), NodeId>,
    and_memo: FxHashMap<(NodeId, NodeId), NodeId>,
    not_memo: FxHashMap<NodeId, NodeId>,
}

impl Diagrams {
    /// `arity[v]` is the number of values of variable `v`, at most 16.
    pub(crate) fn new(arity: Vec<u8>) -> Self {
        Self { arity, rows: vec![Row::END; 2], ..Self::default() }
    }

    /// How many values a variable has.
    pub(crate) fn arity(&self, var: Var) -> u8 {
        self.arity.get(usize::from(var)).copied().unwrap_or(0)
    }

    pub(crate) const fn node_count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, node: NodeId) -> Row {
        self.rows.get(node as usize).copied().unwrap_or(Row::END)
    }

    pub(crate) fn var(&self, node: NodeId) -> Var {
        self.row(node).var
    }

    pub(crate) fn children(&self, node: NodeId) -> &[NodeId] {
        let row = self.row(node);
        let first = row.first as usize;
        self.children.get(first..first + usize::from(row.arity)).unwrap_or(&[])
    }

    fn make(&mut self, var: Var, children: Children) -> NodeId {
        if let Some(first) = children.first()
            && children.iter().all(|child| child == first)
        {
            return *first;
        }
        let (rows, all) = (&mut self.rows, &mut self.children);
        *self.unique.entry((var, children)).or_insert_with_key(|(_, children)| {
            let node = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            rows.push(Row::new(var, all.len(), children));
            all.extend_from_slice(children);
            node
        })
    }

    /// True where the variable has one of the values of the mask.
    pub(crate) fn test(&mut self, var: Var, values: Mask) -> NodeId {
        let arity = self.arity.get(usize::from(var)).copied().unwrap_or(0);
        let children = (0..arity).map(|value| NodeId::from(values >> value & 1 == 1)).collect();
        self.make(var, children)
    }

    pub(crate) fn not(&mut self, node: NodeId) -> NodeId {
        if node <= TRUE {
            return TRUE - node;
        }
        if let Some(known) = self.not_memo.get(&node) {
            return *known;
        }
        let children = Children::from_slice(self.children(node));
        let flipped = children.into_iter().map(|child| self.not(child)).collect();
        let made = self.make(self.var(node), flipped);
        self.not_memo.insert(node, made);
        self.not_memo.insert(made, node);
        made
    }

    pub(crate) fn and(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == FALSE || b == FALSE {
            return FALSE;
        }
        if a == TRUE || a == b {
            return b;
        }
        if b == TRUE {
            return a;
        }
        let key = (a.min(b), a.max(b));
        if let Some(known) = self.and_memo.get(&key) {
            return *known;
        }
        let (var_a, var_b) = (self.var(a), self.var(b));
        let var = var_a.min(var_b);
        let arity = self.arity.get(usize::from(var)).copied().unwrap_or(0);
        let mut children = Children::with_capacity(usize::from(arity));
        for value in 0..usize::from(arity) {
            let left = if var_a == var { self.child(a, value) } else { a };
            let right = if var_b == var { self.child(b, value) } else { b };
            children.push(self.and(left, right));
        }
        let made = self.make(var, children);
        self.and_memo.insert(key, made);
        made
    }

    pub(crate) fn or(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let (not_a, not_b) = (self.not(a), self.not(b));
        let neither = self.and(not_a, not_b);
        self.not(neither)
    }

    /// True where `a` is and `b` is not.
    pub(crate) fn without(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let not_b = self.not(b);
        self.and(a, not_b)
    }

    pub(crate) fn child(&self, node: NodeId, value: usize) -> NodeId {
        self.children(node).get(value).copied().unwrap_or(FALSE)
    }

    /// Which ends can be reached from `node` when variable `v` may have the values `mask(v)`.
    pub(crate) fn reach(&self, node: NodeId, mask: &impl Fn(Var) -> Mask) -> Reach {
        // Most often all that is looked at is known, and there is one way.
        let node = self.fork(node, mask);
        if node <= TRUE { Reach::end(node) } else { self.reach_from(node, mask, &mut SmallVec::new()) }
    }

    /// Where a walk from a node comes to something that is not known, or to an end.
    #[inline]
    pub(crate) fn fork(&self, start: NodeId, mask: &impl Fn(Var) -> Mask) -> NodeId {
        let mut node = start;
        while node > TRUE {
            let Some(row) = self.rows.get(node as usize) else { return FALSE };
            let values = mask(row.var);
            if !values.is_power_of_two() {
                break;
            }
            // INVARIANT (masks): no mask has a value beyond the arity of its variable, but for "anything".
            node = self.branch(row, values.trailing_zeros());
        }
        node
    }

    #[inline]
    fn branch(&self, row: &Row, value: u32) -> NodeId {
        if row.arity == 2 {
            return if value == 0 { row.two.0 } else { row.two.1 };
        }
        self.children.get(row.first.wrapping_add(value) as usize).copied().unwrap_or(FALSE)
    }

    /// From a node with several ways on.
    fn reach_from(&self, node: NodeId, mask: &impl Fn(Var) -> Mask, seen: &mut Seen) -> Reach {
        if seen.contains(&node) {
            // Its ends are already counted by whoever saw it first.
            return Reach::NONE;
        }
        seen.push(node);
        let Some(row) = self.rows.get(node as usize) else { return Reach::NONE };
        let mut values = mask(row.var) & crate::schema::low_bits(usize::from(row.arity));
        let mut found = Reach::NONE;
        while values != 0 && !found.both() {
            let next = self.fork(self.branch(row, values.trailing_zeros()), mask);
            found = found.or(if next <= TRUE { Reach::end(next) } else { self.reach_from(next, mask, seen) });
            values &= values - 1;
        }
        found
    }

    /// Is there no way on which both hold?
    pub(crate) fn are_apart(&self, a: NodeId, b: NodeId) -> bool {
        let mut met = rustc_hash::FxHashSet::default();
        let mut stack = vec![(a, b)];
        while let Some((a, b)) = stack.pop() {
            if a == FALSE || b == FALSE || !met.insert((a, b)) {
                continue;
            }
            if a == TRUE && b == TRUE {
                return false;
            }
            let var = self.var(a).min(self.var(b));
            let next = |node: NodeId, value: usize| if self.var(node) == var { self.child(node, value) } else { node };
            stack.extend((0..usize::from(self.arity(var))).map(|value| (next(a, value), next(b, value))));
        }
        true
    }

    /// Each variable the diagram tests, in order.
    pub(crate) fn support(&self, root: NodeId) -> Vec<Var> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut stack = vec![root];
        let mut vars = vec![];
        let mut met = vec![false; self.arity.len()];
        while let Some(node) = stack.pop() {
            if node > TRUE && seen.insert(node) {
                let var = self.var(node);
                if let Some(met) = met.get_mut(usize::from(var))
                    && !std::mem::replace(met, true)
                {
                    vars.push(var);
                }
                stack.extend_from_slice(self.children(node));
            }
        }
        vars.sort_unstable();
        vars
    }

    /// A copy that can grow: the tables for sharing are made anew.
    pub(crate) fn thaw(&self) -> Self {
        let mut copy = Self {
            arity: self.arity.clone(),
            rows: self.rows.clone(),
            children: self.children.clone(),
            ..Self::default()
        };
        for node in 2..u32::try_from(self.rows.len()).unwrap_or(u32::MAX) {
            let children = Children::from_slice(self.children(node));
            copy.unique.insert((self.var(node), children), node);
        }
        copy
    }

    /// Puts one value in for a variable.
    pub(crate) fn cofactor(&mut self, node: NodeId, var: Var, value: usize) -> NodeId {
        self.put_in(node, &|at| (at == var).then_some(value), var, &mut FxHashMap::default())
    }

    /// Puts values in for several variables, none of them after `last`.
    pub(crate) fn put_in(
        &mut self,
        node: NodeId,
        value: &impl Fn(Var) -> Option<usize>,
        last: Var,
        memo: &mut FxHashMap<NodeId, NodeId>,
    ) -> NodeId {
        let var = self.var(node);
        if var > last {
            return node;
        }
        if let Some(at) = value(var) {
            let child = self.child(node, at);
            return self.put_in(child, value, last, memo);
        }
        if let Some(known) = memo.get(&node) {
            return *known;
        }
        let children = Children::from_slice(self.children(node));
        let made = children.into_iter().map(|child| self.put_in(child, value, last, memo)).collect();
        let made = self.make(var, made);
        memo.insert(node, made);
        made
    }

    /// Joins the answers of a table: one child a value, already made.
    pub(crate) fn split(&mut self, var: Var, children: Children) -> NodeId {
        if children.iter().all(|child| self.var(*child) > var) {
            return self.make(var, children);
        }
        let mut made = FALSE;
        for (value, child) in children.into_iter().enumerate() {
            let test = self.test(var, 1 << value);
            let part = self.and(test, child);
            made = self.or(made, part);
        }
        made
    }

    /// Keeps what can be reached from `roots` and numbers it anew, in the order of the variables: what lies together is
    /// walked together. Gives back the new number of every node that is kept.
    pub(crate) fn keep(&mut self, roots: impl IntoIterator<Item = NodeId>) -> FxHashMap<NodeId, NodeId> {
        let mut met = rustc_hash::FxHashSet::default();
        let mut stack: Vec<NodeId> = roots.into_iter().collect();
        while let Some(node) = stack.pop() {
            if node > TRUE && met.insert(node) {
                stack.extend_from_slice(self.children(node));
            }
        }
        let mut kept: Vec<(Var, NodeId)> = met.into_iter().map(|node| (self.var(node), node)).collect();
        kept.sort_unstable();
        let mut numbers: FxHashMap<NodeId, NodeId> = [FALSE, TRUE].map(|end| (end, end)).into_iter().collect();
        numbers.extend((2..).zip(&kept).map(|(new, (_, old))| (*old, new)));
        let mut anew = Self::new(self.arity.clone());
        for (var, node) in kept {
            let new = |child: &NodeId| numbers.get(child).copied().unwrap_or(FALSE);
            let children: Children = self.children(node).iter().map(new).collect();
            anew.rows.push(Row::new(var, anew.children.len(), &children));
            anew.children.extend(children);
        }
        *self = anew;
        numbers
    }

    /// Forgets the tables that are only needed while building.
    pub(crate) fn finish(&mut self) {
        self.unique = FxHashMap::default();
        self.and_memo = FxHashMap::default();
        self.not_memo = FxHashMap::default();
    }
}
