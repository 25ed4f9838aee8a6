//! Agreements («convenzioni»): what a professional body has arranged for the mailboxes of its members.

use crate::time::Date;

/// Who sees to the renewal of a member's mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenewalKind {
    /// The body renews it, automatically.
    ByBody,
    /// The member renews it by hand.
    ByHolder,
}
impl RenewalKind {
    pub const ALL: [RenewalKind; 2] = [Self::ByBody, Self::ByHolder];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByBody => "by_body",
            Self::ByHolder => "by_holder",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// When an agreement is in force and what it is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: Date,
    /// Its last day; `None` while no end is agreed.
    pub until: Option<Date>,
    /// New mailboxes and add-ons are sold under it.
    pub purchases: bool,
    /// What was sold under it is renewed.
    pub renewals: bool,
}
impl Validity {
    fn runs(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
    /// Whether something new may be sold on this day.
    pub fn may_buy(&self, day: Date) -> bool {
        self.purchases && self.runs(day)
    }
    /// Whether what ends on this day will be renewed.
    pub fn may_renew(&self, day: Date) -> bool {
        self.renewals && self.runs(day)
    }
}

/// Whether one more mailbox fits the quota of an agreement; without a quota always.
pub fn has_room(mailboxes: i64, quota: Option<i64>) -> bool {
    quota.is_none_or(|most| mailboxes < most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selling_and_renewing_end_apart() {
        let day = |s: &str| Date::parse_iso(s).unwrap();
        let (from, last) = (day("2026-01-01"), day("2026-12-31"));
        let open = Validity { from, until: Some(last), purchases: true, renewals: true };
        assert!(!open.may_buy(day("2025-12-31")) && open.may_buy(from) && open.may_buy(last));
        assert!(!open.may_buy(day("2027-01-01")) && !open.may_renew(day("2027-01-01")));
        let closing = Validity { purchases: false, until: None, ..open };
        assert!(!closing.may_buy(last) && closing.may_renew(day("2030-01-01")));
    }

    #[test]
    fn a_quota_is_a_limit() {
        assert!(has_room(9, Some(10)) && !has_room(10, Some(10)) && has_room(10, None));
        assert!(RenewalKind::ALL.into_iter().all(|k| RenewalKind::parse(k.as_str()) == Some(k)));
    }
}
