//! Add-ons («servizi aggiuntivi»): what can be bought beside a mailbox, how much of it, and whether it may be free.

pub mod comeback;
pub mod pricing;
pub mod sms_notice;

use crate::time::Date;

/// What an add-on gives (domain notes 5.1). Each ends with the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// More room for the mailbox itself: the mail server's quota.
    ExtraSpace,
    ExtraArchive,
    LegalStorage,
    /// A text message to the holder while messages lie unread: see [`sms_notice`].
    SmsNotice,
}

/// What is counted of an add-on. Stores and orders hold a number either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As many as are bought, up to the limit of the offer.
    Gb,
    /// A mailbox has it or has it not.
    One,
}

impl Service {
    pub const ALL: [Service; 4] = [Self::ExtraSpace, Self::ExtraArchive, Self::LegalStorage, Self::SmsNotice];
    /// The word in the store, which is also the code of the product.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExtraSpace => "extra_space",
            Self::ExtraArchive => "extra_archive",
            Self::LegalStorage => "legal_storage",
            Self::SmsNotice => "sms_notice",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
    pub const fn unit(self) -> Unit {
        match self {
            Self::ExtraSpace | Self::ExtraArchive | Self::LegalStorage => Unit::Gb,
            Self::SmsNotice => Unit::One,
        }
    }
    /// How many are meant where `typed` was asked for: of what is not counted, one.
    pub const fn amount(self, typed: i64) -> i64 {
        match self.unit() {
            Unit::Gb => typed,
            Unit::One => 1,
        }
    }
    /// Most that a mailbox may have where an offer says `offered`.
    pub const fn most(self, offered: i64) -> i64 {
        match self.unit() {
            Unit::One if offered > 1 => 1,
            Unit::One | Unit::Gb => offered,
        }
    }
}

/// Whether the add-on with this word is counted in GB; one that no program knows is.
pub fn by_gb(word: &str) -> bool {
    Service::parse(word).is_none_or(|service| service.unit() == Unit::Gb)
}

/// How a price list counts the time of an add-on bought in the middle of a mailbox's term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Whole years, and free in the last three months (domain notes 5.3).
    ThreeMonths,
    /// Started months (domain notes 5.4).
    Monthly,
}
impl Strategy {
    pub const ALL: [Strategy; 2] = [Self::ThreeMonths, Self::Monthly];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ThreeMonths => "three_months",
            Self::Monthly => "monthly",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

/// Why an add-on is not sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddonRefusal {
    /// Fewer than one GB, or more than the plan allows in all; so many GB may still be bought.
    #[error("so much space is not sold for this mailbox")]
    Amount { room_gb: i64 },
    /// The mailbox's paid period is over: it is renewed first.
    #[error("the period of the mailbox is over")]
    MailboxEnded,
}

/// Whether `gb` more may be bought where `have_gb` run already and `max_gb` is the limit of the plan in this price
/// list (domain notes 5.1). Of what is not counted in GB, one and only where none runs.
///
/// # Errors
/// [`AddonRefusal::Amount`] with what may still be bought.
pub const fn check_amount(service: Service, gb: i64, have_gb: i64, max_gb: i64) -> Result<(), AddonRefusal> {
    let room = service.most(max_gb) - have_gb;
    let room_gb = if room > 0 { room } else { 0 };
    if gb >= 1 && gb <= room_gb { Ok(()) } else { Err(AddonRefusal::Amount { room_gb }) }
}

/// The last add-on of one kind that a mailbox had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Former {
    /// It cost nothing: bought in the last three months of a term, and never renewed.
    pub free: bool,
    /// Its last day.
    pub end: Date,
}

/// Whether the next one must be paid even in the last three months: who had one free and did not renew it does not
/// get it free for ever (domain notes 5.3).
pub fn must_pay(last: Option<Former>, today: Date) -> bool {
    last.is_some_and(|former| former.free && former.end < today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_what_runs() {
        let check_amount = |gb, have, max| check_amount(Service::ExtraSpace, gb, have, max);
        assert_eq!(check_amount(5, 0, 5), Ok(()));
        assert_eq!(check_amount(1, 4, 5), Ok(()));
        assert_eq!(check_amount(2, 4, 5), Err(AddonRefusal::Amount { room_gb: 1 }));
        assert_eq!(check_amount(0, 0, 5), Err(AddonRefusal::Amount { room_gb: 5 }));
        assert_eq!(check_amount(-1, 0, 5), Err(AddonRefusal::Amount { room_gb: 5 }));
        // The limit was lowered since.
        assert_eq!(check_amount(1, 9, 5), Err(AddonRefusal::Amount { room_gb: 0 }));
        assert_eq!(check_amount(i64::MAX, 1, 5), Err(AddonRefusal::Amount { room_gb: 4 }));
    }

    #[test]
    fn what_is_not_counted_is_had_once() {
        let check = |gb, have, max| check_amount(Service::SmsNotice, gb, have, max);
        assert_eq!(check(1, 0, 1), Ok(()));
        for (gb, have, max, room_gb) in [(1, 1, 1, 0), (2, 0, 1, 1), (0, 0, 1, 1), (2, 0, 300, 1), (1, 1, 300, 0)] {
            assert_eq!(check(gb, have, max), Err(AddonRefusal::Amount { room_gb }), "{gb} of {max}, {have} run");
        }
        assert_eq!(Service::ALL.map(|s| s.amount(7)), [7, 7, 7, 1]);
        assert_eq!(["extra_space", "sms_notice", "gold"].map(by_gb), [true, false, true]);
    }

    #[test]
    fn what_was_free_and_not_renewed_is_paid_next_time() {
        let day = |s: &str| Date::parse_iso(s).unwrap();
        let (end, after) = (day("2017-03-30"), day("2018-02-01"));
        assert!(must_pay(Some(Former { free: true, end }), after));
        assert!(!must_pay(Some(Former { free: true, end }), end), "more of it while it runs is free too");
        assert!(!must_pay(Some(Former { free: false, end }), after), "that one was paid");
        assert!(!must_pay(None, after));
    }

    #[test]
    fn words_are_read_back() {
        assert!(Service::ALL.into_iter().all(|s| Service::parse(s.as_str()) == Some(s)));
        assert!(Strategy::ALL.into_iter().all(|s| Strategy::parse(s.as_str()) == Some(s)));
        assert_eq!((Service::parse("sms"), Strategy::parse("daily")), (None, None));
    }
}
