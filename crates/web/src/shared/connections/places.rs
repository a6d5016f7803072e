//! Places for connections: so many in all, so many for one address. The one that has been quiet longest is given to whoever comes
//! when none is left.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Limits;

/// How often the log is told that places are short: not once for each connection, or whoever opens many would fill it.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// The connections of one server.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    limits: Limits,
    behind_proxy: bool,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    held: BTreeMap<u64, Held>,
    /// Closed for want of places, since the log was last told.
    closed: u64,
    told: Option<Instant>,
}

#[derive(Debug)]
struct Held {
    from: IpAddr,
    /// Since when nothing is being answered; nothing while something is.
    quiet_since: Option<Instant>,
    asked: bool,
    given_away: Arc<Notify>,
}

impl Connections {
    /// With the limits of this machine.
    pub fn new(behind_proxy: bool) -> Self {
        Self::with(Limits::default(), behind_proxy)
    }

    /// With these limits.
    pub fn with(limits: Limits, behind_proxy: bool) -> Self {
        Self { limits, behind_proxy, open: Arc::default() }
    }

    /// What holds for each.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from an address. Where none is left it is that of the one that has been quiet longest, of
    /// the same address if that has too many; nothing where pages are being made for all of them.
    pub(super) fn admit(&self, from: IpAddr) -> Option<Place> {
        let from = from.to_canonical();
        let mut open = self.open();
        let theirs = open.held.values().filter(|held| held.from == from).count();
        let too_many = !self.behind_proxy && theirs >= self.limits.of_address;
        if too_many || open.held.len() >= self.limits.in_all {
            let quiet = open.held.iter().filter(|(_, held)| !too_many || held.from == from);
            let quiet = quiet.filter_map(|(id, held)| Some((held.quiet_since?, *id)));
            let longest = quiet.min().map(|(_, id)| id);
            open.tell(from);
            let held = open.held.remove(&longest?)?;
            held.given_away.notify_one();
        }
        let id = open.next;
        open.next += 1;
        let given_away = Arc::new(Notify::new());
        open.held.insert(
            id,
            Held { from, quiet_since: Some(Instant::now()), asked: false, given_away: Arc::clone(&given_away) },
        );
        Some(Place { connections: self.clone(), id, given_away })
    }
}

impl Open {
    /// One more is closed for want of a place.
    fn tell(&mut self, from: IpAddr) {
        self.closed += 1;
        if self.told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            let (closed, open) = (self.closed, self.held.len());
            tracing::warn!(%from, open, closed, "more connections than there is room for: those quiet longest are closed");
            (self.closed, self.told) = (0, Some(Instant::now()));
        }
    }
}

/// The place of one connection, until this is dropped.
#[derive(Debug)]
pub struct Place {
    connections: Connections,
    id: u64,
    given_away: Arc<Notify>,
}

impl Place {
    /// What holds for it.
    pub(super) const fn limits(&self) -> Limits {
        self.connections.limits()
    }

    /// Somebody else has it now.
    pub(super) async fn given_away(&self) {
        self.given_away.notified().await;
    }

    /// Has a request come?
    pub(super) fn was_asked(&self) -> bool {
        let open = self.connections.open();
        open.held.get(&self.id).is_some_and(|held| held.asked)
    }

    /// A request has come: the place is nobody else's until this is dropped.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        self.change(None);
        Busy(Arc::clone(self))
    }

    fn change(&self, quiet_since: Option<Instant>) {
        if let Some(held) = self.connections.open().held.get_mut(&self.id) {
            held.asked = true;
            held.quiet_since = quiet_since;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.open().held.remove(&self.id);
    }
}

/// A request that is being answered.
pub(super) struct Busy(Arc<Place>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.change(Some(Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Room for three, two of them from one address.
    fn three(behind_proxy: bool) -> Connections {
        let limits = Limits { in_all: 3, of_address: 2, ..Limits::default() };
        Connections::with(limits, behind_proxy)
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    fn held(connections: &Connections) -> Vec<u64> {
        connections.open().held.keys().copied().collect()
    }

    #[test]
    fn the_one_that_has_been_quiet_longest_makes_room() {
        let connections = three(false);
        let come = |last| connections.admit(address(last)).map(Arc::new);
        let _other = come(1);
        let (first, second) = (come(2).unwrap(), come(2).unwrap());
        // It was asked, and answered: now it is the second that has been quiet longest.
        drop(first.busy());
        let third = come(2).unwrap();
        assert_eq!(held(&connections), [0, 1, 3], "one of the same address goes");
        drop(second);
        let _fourth = come(4).unwrap();
        assert_eq!(held(&connections), [1, 3, 4], "where it is full, anybody's");
        let _pages = (first.busy(), third.busy());
        assert!(come(2).is_none(), "a page under way is not cut short");
        drop((first, third));
    }

    #[test]
    fn a_place_that_was_given_away_is_not_given_back_twice() {
        let connections = three(false);
        let places: Vec<_> = (0..9).filter_map(|_| connections.admit(address(1))).collect();
        assert_eq!((places.len(), held(&connections).len()), (9, 2));
        drop(places);
        assert!(held(&connections).is_empty());
    }

    #[test]
    fn behind_a_proxy_all_have_its_address() {
        let connections = three(true);
        let places: Vec<_> = (0..9).filter_map(|_| connections.admit(address(1))).collect();
        assert_eq!(held(&connections), [6, 7, 8]);
        drop(places);
        // An address is the same however it is written.
        let connections = three(false);
        let mapped = "::ffff:203.0.113.1".parse().unwrap();
        let _places = (connections.admit(address(1)), connections.admit(mapped));
        let _third = connections.admit(address(1));
        assert_eq!(held(&connections), [1, 2]);
    }
}
