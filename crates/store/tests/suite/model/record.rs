//! Events, worklist rows and the access log, in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};
use store::*;

use super::State;
use crate::conformance::ties;

impl State {
    pub fn disclosed(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Vec<Disclosed> {
        let all = self.disclosed.iter().rev().filter(|one| {
            before.is_none_or(|before| one.leaf < before) && self.lets_through(filter, &one.stream, &one.actor, one.at)
        });
        all.take(limit as usize).cloned().collect()
    }

    fn lets_through(&self, filter: &AccessFilter, stream: &StreamId, actor: &UserId, at: Timestamp) -> bool {
        let conflicts = |reader: &UserId| {
            let of = self.conflicts.get(stream);
            of.is_some_and(|users| users.contains(reader))
        };
        filter.report.as_ref().is_none_or(|id| id == stream)
            && filter.actor.as_ref().is_none_or(|id| id == actor)
            && filter.from.is_none_or(|from| at >= from)
            && filter.until.is_none_or(|until| at < until)
            && !filter.reader.as_ref().is_some_and(conflicts)
    }

    pub fn erasures(&self, report: &str) -> Vec<Erased> {
        let theirs = |e: &&Erased| e.stream.as_str() == report || e.reference.as_deref() == Some(report);
        self.erased.iter().filter(theirs).cloned().collect()
    }

    pub fn all_erasures(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Vec<Erased> {
        let all = self.erased.iter().rev().filter(|one| {
            before.is_none_or(|before| one.leaf < before) && self.lets_through(filter, &one.stream, &one.actor, one.at)
        });
        all.take(limit as usize).cloned().collect()
    }

    fn append(&mut self, append: Append) -> Result<Appended, AppendError> {
        let current = self.streams.get(&append.stream).map_or(0, |events| events.len() as u64);
        if current != append.expected_version {
            return Err(AppendError::Conflict { stream: append.stream, current });
        }
        if self.is_erased(&append.stream) {
            return Err(StoreError::NotFound { what: "report" }.into());
        }
        let mut version = current;
        for event in append.events {
            if self.streams.values().flatten().any(|kept| kept.event_id == event.event_id) {
                return Err(StoreError::Duplicate { what: "event id" }.into());
            }
            version += 1;
            let stream = append.stream.clone();
            let NewEvent { event_id, kind, recorded_at, actor, body, subject, operation } = event;
            if operation == Operation::Disclose {
                self.disclosed.push(Disclosed {
                    leaf: self.leaves.len() as u64,
                    kind: kind.clone(),
                    actor: actor.parse().unwrap(),
                    stream: stream.clone(),
                    version,
                    at: to_the_microsecond(recorded_at),
                });
            }
            self.leaves.push(format!("event {}", self.leaves.len()));
            self.subjects.insert(event_id, subject.clone());
            let recorded_at = to_the_microsecond(recorded_at);
            let kept = StoredEvent { stream, version, event_id, kind, recorded_at, actor, body, erased: None };
            self.streams.entry(append.stream.clone()).or_default().push(kept);
        }
        if let Some(row) = append.projection {
            let same = |other: &&ProjectionRow| other.reference == row.reference && other.report_id != row.report_id;
            if self.rows.values().find(same).is_some() {
                return Err(StoreError::Duplicate { what: "reference" }.into());
            }
            self.conflicts.insert(row.report_id.clone(), row.ties.conflicts.clone());
            self.rows.insert(row.report_id.clone(), row);
        }
        for Findable { subject, terms } in append.findable {
            let stream = append.stream.clone();
            self.terms.retain(|(_, of, who)| (of, who) != (&stream, &subject));
            let gone = |event: &StoredEvent| event.erased.as_ref() == Some(&subject);
            let events = self.streams.get(&stream);
            let mut theirs = events.into_iter().flatten();
            let said_since =
                |event: &StoredEvent| event.erased.is_none() && self.subjects.get(&event.event_id) == Some(&subject);
            if theirs.clone().any(gone) && !theirs.any(said_since) {
                continue;
            }
            for term in terms {
                self.terms.insert((term, stream.clone(), subject.clone()));
            }
        }
        Ok(Appended { stream: append.stream, version, repeated: false })
    }

    fn selected(&self, filter: &WorklistFilter) -> Vec<ProjectionRow> {
        let fits = |row: &&ProjectionRow| {
            filter
                .seen_by
                .as_ref()
                .is_none_or(|who| ties::sees(who, row) && (!filter.beyond_unit || ties::beyond(who, row)))
                && !(filter.alerts && row.ties.alert_since.is_none())
                && filter.alert_until.is_none_or(|until| row.ties.alert_since.is_some_and(|since| since <= until))
                && filter.unit.as_ref().is_none_or(|unit| *unit == row.unit)
                && filter.allocated_to.as_ref().is_none_or(|user| row.allocated_to.as_ref() == Some(user))
                && filter.started_by.as_ref().is_none_or(|user| row.ties.started_by.as_ref() == Some(user))
                && !(filter.unallocated && row.allocated_to.is_some())
                && (filter.states.is_empty() || filter.states.contains(&row.state))
                && filter.due_before.is_none_or(|before| row.next_due_at.is_some_and(|due| due < before))
                && !(filter.awaiting_review && row.awaiting_review_since.is_none())
                && filter.review_before.is_none_or(|before| row.review_at.is_some_and(|at| at < before))
                && filter.not_derived_by.as_ref().is_none_or(|digest| *digest != row.derived_by)
        };
        self.rows.values().filter(fits).cloned().collect()
    }
}

fn to_the_microsecond(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Microsecond).mode(jiff::RoundMode::Trunc)).unwrap()
}

/// A place in an order: smaller comes first.
fn place(row: &ProjectionRow, order: Order) -> Option<(i64, StreamId)> {
    let key = match order {
        Order::SoonestDue => row.next_due_at.map_or(i64::MAX, Timestamp::as_microsecond),
        Order::LongestAwaitingReview => row.awaiting_review_since?.as_microsecond(),
        Order::RecentlyUpdated => row.updated_at.as_microsecond(),
        Order::LongestKept => row.review_at?.as_microsecond(),
        Order::LongestAlert => row.ties.alert_since?.as_microsecond(),
    };
    Some((key, row.report_id.clone()))
}

impl State {
    pub fn append_all(&mut self, together: Vec<Append>, key: Option<String>) -> Result<Vec<Appended>, AppendError> {
        limits::append(&together, key.as_deref())?;
        if let Some(first) = key.as_ref().and_then(|key| self.keys.get(key)) {
            return Ok(first.iter().cloned().map(|a| Appended { repeated: true, ..a }).collect());
        }
        let before = self.clone();
        let answers: Result<Vec<_>, _> = together.into_iter().map(|a| self.append(a)).collect();
        let answers = answers.inspect_err(|_| *self = before)?;
        if let Some(key) = key
            && !answers.is_empty()
        {
            self.keys.insert(key, answers.clone());
        }
        Ok(answers)
    }

    pub fn load(&self, stream: &StreamId, from_version: u64) -> Vec<StoredEvent> {
        let events = self.streams.get(stream).cloned().unwrap_or_default();
        events.into_iter().filter(|event| event.version >= from_version).collect()
    }

    pub fn find(&self, search: &Search) -> Candidates {
        let mut hits: BTreeMap<(&StreamId, String), (&Subject, u64)> = BTreeMap::new();
        let sees = |stream: &StreamId| {
            let row = self.rows.get(stream);
            row.is_some_and(|row| ties::sees(&search.seen_by, row)) && search.except.as_ref() != Some(stream)
        };
        let asked = |term: &String| search.terms.contains(term);
        let fits = |(term, stream, _): &&(String, StreamId, Subject)| asked(term) && sees(stream);
        for (_, stream, subject) in self.terms.iter().filter(fits) {
            hits.entry((stream, subject.to_string())).or_insert((subject, 0)).1 += 1;
        }
        let found = |((stream, _), (subject, terms)): ((&StreamId, String), (&Subject, u64))| Found {
            stream: stream.clone(),
            subject: subject.clone(),
            terms,
        };
        let mut all: Vec<Found> = hits.into_iter().map(found).collect();
        all.sort_by_key(|found| Reverse(found.terms));
        let more = all.len() > search.limit as usize;
        all.truncate(search.limit as usize);
        Candidates { found: all, more }
    }

    pub fn all_streams(&self, after: Option<&StreamId>, limit: u32) -> Vec<StreamHead> {
        let heads = self.streams.iter().filter(|(stream, _)| after.is_none_or(|after| *stream > after));
        let head = |(s, e): (&StreamId, &Vec<StoredEvent>)| StreamHead { stream: s.clone(), version: e.len() as u64 };
        heads.map(head).take(limit as usize).collect()
    }

    pub fn next_reference(&mut self, year: u16) -> Result<String, StoreError> {
        let last = self.numbers.entry(year).or_default();
        *last += 1;
        Ok(format!("WM-{year:04}-{last:06}"))
    }

    pub fn projection(&self, report: &StreamId) -> Option<ProjectionRow> {
        self.rows.get(report).cloned()
    }

    pub fn projection_by_reference(&self, reference: &str) -> Option<ProjectionRow> {
        self.rows.values().find(|row| row.reference == reference).cloned()
    }

    pub fn worklist(&self, query: &WorklistQuery) -> WorklistPage {
        let rows = self.selected(&query.filter).into_iter();
        let mut rows: Vec<_> = rows.filter_map(|row| Some((place(&row, query.order)?, row))).collect();
        let down = query.order == Order::RecentlyUpdated;
        match down {
            true => rows.sort_by_key(|(place, _)| Reverse(place.clone())),
            false => rows.sort_by_key(|(place, _)| place.clone()),
        }
        if let Some(after) = query.after.as_ref().map(ToString::to_string) {
            let (key, report) = after.split_once('.').unwrap();
            let after = (key.parse().unwrap(), report.parse().unwrap());
            rows.retain(|(place, _)| if down { *place < after } else { *place > after });
        }
        let limit = query.limit.max(1) as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|((key, report), _)| format!("{key}.{report}"));
        let next = next.map(|text| text.parse().unwrap());
        WorklistPage { rows: rows.into_iter().map(|(_, row)| row).collect(), next }
    }

    pub fn worklist_count(&self, filter: &WorklistFilter, at_most: u32) -> u32 {
        at_most.min(self.selected(filter).len() as u32)
    }
}
