//! Random commands: the SQLite store and the model give the same answer to every one of them.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use store::*;

use crate::fixture::*;
use crate::model::Model;

/// Names are few, so that commands meet: most of what can go wrong does within 60 of them.
#[derive(Debug, Clone)]
enum Command {
    Append(Vec<(Part, i8)>, Option<String>),
    Load(StreamId, u64),
    AllStreams(Option<StreamId>, u32),
    NextReference(u16),
    Projection(StreamId),
    ByReference(String),
    Worklist(WorklistQuery),
    AddUser(User),
    SaveUser(User),
    Users(UserId),
    StartSession(Session),
    TouchSession(TokenHash, i64),
    EndSession(TokenHash),
    EndSessionsOf(UserId),
    AddToken(OneTimeToken),
    TakeToken(TokenHash, &'static str, i64),
    CountFailure(&'static str, i64, i64),
    ClearFailures(&'static str),
    SetSetting(&'static str, String),
    NoteAccess(AccessEntry),
    Accesses(AccessesOf, Option<u64>),
    ForgetExpired(i64),
}

/// One stream's part: event numbers are few as well, so that some are used twice.
#[derive(Debug, Clone)]
struct Part {
    stream: StreamId,
    events: Vec<u128>,
    row: Option<ProjectionRow>,
}

fn name() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "D"]).prop_map(str::to_owned)
}

fn stream_id() -> impl Strategy<Value = StreamId> {
    name().prop_map(|name| stream(&name))
}

fn any_user_id() -> impl Strategy<Value = UserId> {
    name().prop_map(|name| user_id(&name))
}

fn hash() -> impl Strategy<Value = TokenHash> {
    (0..4_u8).prop_map(token)
}

fn seconds() -> impl Strategy<Value = i64> {
    select(vec![0, 1, 2, 600, 899, 900, 901, 3600])
}

fn any_row() -> impl Strategy<Value = ProjectionRow> {
    let times = (option::of(seconds()), option::of(seconds()), seconds(), option::of(seconds()));
    (name(), name(), option::of(any_user_id()), name(), times).prop_map(
        |(reference, unit, allocated_to, state, (due, review, updated, kept))| ProjectionRow {
            reference,
            unit,
            allocated_to,
            state,
            next_due_at: due.map(at),
            awaiting_review_since: review.map(at),
            updated_at: at(updated),
            review_at: kept.map(at),
            ..row("set-below")
        },
    )
}

fn part() -> impl Strategy<Value = (Part, i8)> {
    let version = prop_oneof![8 => Just(0_i8), 1 => Just(1), 1 => Just(-1)];
    (stream_id(), vec(0..400_u128, 0..4), option::of(any_row()), version).prop_map(|(stream, events, row, off)| {
        let row = row.map(|row| ProjectionRow { report_id: stream.clone(), ..row });
        (Part { stream, events, row }, off)
    })
}

fn query() -> impl Strategy<Value = WorklistQuery> {
    let filter = (
        option::of(name()),
        option::of(any_user_id()),
        any::<bool>(),
        vec(name(), 0..3),
        option::of(seconds()),
        any::<bool>(),
        option::of(seconds()),
    );
    let filter =
        filter.prop_map(|(unit, allocated_to, unallocated, states, due, awaiting_review, kept)| WorklistFilter {
            unit,
            allocated_to,
            unallocated,
            states,
            due_before: due.map(at),
            awaiting_review,
            review_before: kept.map(at),
            ..WorklistFilter::default()
        });
    let orders = select(vec![
        Order::SoonestDue,
        Order::LongestAwaitingReview,
        Order::RecentlyUpdated,
        Order::LongestKept,
        Order::LongestAlert,
    ]);
    (prop_oneof![filter, Just(WorklistFilter::default())], orders, 0..4_u32)
        .prop_map(|(filter, order, limit)| WorklistQuery { filter, order, after: None, limit })
}

fn any_user() -> impl Strategy<Value = User> {
    (name(), name(), any::<bool>()).prop_map(|(id, sign_in_name, disabled)| User {
        sign_in_name: format!("{sign_in_name}@Force.example"),
        disabled,
        ..user(&id)
    })
}

fn any_session() -> impl Strategy<Value = Session> {
    (hash(), any_user_id(), seconds(), seconds()).prop_map(|(token_hash, user, start, end)| Session {
        token_hash,
        family: token_hash,
        user,
        means: "password".into(),
        created_at: at(start),
        proved_at: at(start),
        last_seen_at: at(start),
        expires_at: at(end),
    })
}

fn any_token() -> impl Strategy<Value = OneTimeToken> {
    (hash(), purpose(), option::of(any_user_id()), seconds()).prop_map(|(token_hash, purpose, user, end)| {
        OneTimeToken { token_hash, purpose: purpose.into(), user, expires_at: at(end) }
    })
}

fn purpose() -> impl Strategy<Value = &'static str> {
    select(vec!["sign-in", "bootstrap"])
}

fn any_opening() -> impl Strategy<Value = AccessEntry> {
    (name(), name(), purpose(), seconds()).prop_map(|(report, user, purpose, s)| opening(&report, &user, purpose, s))
}

fn command() -> impl Strategy<Value = Command> {
    use Command::*;
    let of = prop_oneof![stream_id().prop_map(AccessesOf::Report), any_user_id().prop_map(AccessesOf::User)];
    let record = prop_oneof![
        8 => (vec(part(), 1..3), option::weighted(0.2, name())).prop_map(|(parts, key)| Append(parts, key)),
        1 => (stream_id(), 0..6_u64).prop_map(|(stream, from)| Load(stream, from)),
        1 => (option::of(stream_id()), 0..4_u32).prop_map(|(after, limit)| AllStreams(after, limit)),
        1 => (2025..2027_u16).prop_map(NextReference),
        1 => stream_id().prop_map(Projection),
        1 => name().prop_map(ByReference),
        3 => query().prop_map(Worklist),
    ];
    let accounts = prop_oneof![
        3 => any_user().prop_map(AddUser),
        1 => any_user().prop_map(SaveUser),
        1 => any_user_id().prop_map(Users),
        2 => any_session().prop_map(StartSession),
        1 => (hash(), seconds()).prop_map(|(hash, s)| TouchSession(hash, s)),
        1 => hash().prop_map(EndSession),
        1 => any_user_id().prop_map(EndSessionsOf),
        2 => any_token().prop_map(AddToken),
        2 => (hash(), purpose(), seconds()).prop_map(|(hash, purpose, s)| TakeToken(hash, purpose, s)),
        1 => (purpose(), seconds(), seconds()).prop_map(|(key, s, start)| CountFailure(key, s, start)),
        1 => purpose().prop_map(ClearFailures),
        1 => (purpose(), name()).prop_map(|(key, value)| SetSetting(key, value)),
        1 => seconds().prop_map(ForgetExpired),
    ];
    let access = prop_oneof![
        2 => any_opening().prop_map(NoteAccess),
        1 => (of, option::of(0..6_u64)).prop_map(|(of, before)| Accesses(of, before)),
    ];
    prop_oneof![3 => record, 3 => accounts, 1 => access]
}

fn show(answer: impl Debug) -> String {
    format!("{answer:#?}")
}

/// Versions are meant relative to where the stream is, or nearly every append would be refused.
async fn append(store: &dyn Store, parts: Vec<(Part, i8)>, key: Option<String>) -> String {
    let mut together = Vec::new();
    for (part, off) in parts {
        let version = store.load(&part.stream, 0).await.unwrap().len() as u64;
        together.push(store::Append {
            stream: part.stream,
            expected_version: version.saturating_add_signed(off.into()),
            events: part.events.into_iter().map(|number| event_numbered(number, "random")).collect(),
            projection: part.row,
            findable: Vec::new(),
        });
    }
    show(store.append_all(together, key).await)
}

async fn pages(store: &dyn Store, mut query: WorklistQuery) -> String {
    let mut seen = show(store.worklist_count(&query.filter, 3).await);
    loop {
        let page = store.worklist(&query).await.unwrap();
        seen += &show(&page);
        query.after = page.next;
        if query.after.is_none() {
            return seen;
        }
    }
}

/// Without its place in the log: the model notes less than the real one, which counts repeats in entries of their own.
fn unplaced(noted: NotedAccess) -> NotedAccess {
    NotedAccess { leaf: None, ..noted }
}

async fn answer(store: &dyn Store, command: Command) -> String {
    use Command::*;
    match command {
        Append(parts, key) => append(store, parts, key).await,
        Load(stream, from) => show(store.load(&stream, from).await),
        AllStreams(after, limit) => show(store.all_streams(after.as_ref(), limit).await),
        NextReference(year) => show(store.next_reference(year).await),
        Projection(report) => show(store.projection(&report).await),
        ByReference(reference) => show(store.projection_by_reference(&reference).await),
        Worklist(query) => pages(store, query).await,
        AddUser(user) => show(crate::fixture::add(store, user).await),
        SaveUser(user) => show(crate::fixture::save(store, user).await),
        Users(id) => show((store.user(&id).await, store.users(Some(&id), 2).await)),
        StartSession(session) => show(store.start_session(session).await),
        TouchSession(hash, s) => show((store.touch_session(&hash, at(s)).await, store.session(&hash).await)),
        EndSession(hash) => show((store.end_session(&hash).await, store.session(&hash).await)),
        EndSessionsOf(user) => show((store.sessions_of(&user).await, store.end_sessions_of(&user, None).await)),
        AddToken(token) => show(store.add_token(token, None).await),
        TakeToken(hash, purpose, s) => show(store.take_token(&hash, purpose, at(s)).await),
        CountFailure(key, s, start) => show(store.count_failure(key, at(s), at(start)).await),
        ClearFailures(key) => show((store.failures(key).await, store.clear_failures(key).await)),
        SetSetting(key, value) => show((store.setting(key).await, store.set_setting(key, &value).await)),
        NoteAccess(access) => show(store.note_access(access).await.map(unplaced)),
        Accesses(of, before) => {
            show(store.accesses(&of, before, 3).await.map(|all| all.into_iter().map(unplaced).collect::<Vec<_>>()))
        }
        ForgetExpired(s) => show(store.forget_expired(at(s)).await),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_commands_get_the_answers_of_the_model(commands in vec(command(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (real, _keep) = sqlite().await;
            let model = Model::default();
            for command in commands {
                let expected = answer(&model, command.clone()).await;
                let got = answer(&*real, command.clone()).await;
                prop_assert_eq!(got, expected, "{:?}", command);
            }
            Ok(())
        })?;
    }
}
