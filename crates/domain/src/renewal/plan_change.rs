//! A renewal with another plan or other extra space (domain notes 6.4, 5.5): what is lost, and whether what lies in the
//! mailbox fits. Both follow from what the plans say of themselves, not from their names.

use crate::{catalogue::Plan, time::Date};

/// MiB of one GB, as plans and quotas count.
pub const MIB_PER_GB: i64 = 1024;
const KIB_PER_MIB: i64 = 1024;
/// A mailbox that is too full for its new space keeps the old one for at least so many days.
pub const ROOM_DAYS: i32 = 30;

/// Something that a mailbox has and will not have any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The archive, and every message in it.
    Archive {
        mib: i64,
    },
    /// A part of the archive: what does not fit into the rest.
    SmallerArchive {
        from_mib: i64,
        to_mib: i64,
    },
    /// Space of the mailbox, extra included.
    Space {
        from_mib: i64,
        to_mib: i64,
    },
    SmsNotice,
    MultiUser,
    LegalStorage,
}

/// Whether what lies in a mailbox fits into its new space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Fits,
    /// Only with so many GB of extra space, which can be bought with the renewal.
    NeedsExtra {
        gb: i64,
    },
    /// Not even so; it must hold no more than this.
    TooFull {
        most_mib: i64,
    },
    /// The mail servers have not said lately what lies in it.
    Unknown,
}

/// What a mailbox has now.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    pub plan: &'a Plan,
    /// Space that it has, extra included.
    pub space_mib: i64,
    pub archive_mib: i64,
    /// What lies in it; nothing when it is not known.
    pub used_kib: Option<i64>,
}

/// What it is to have.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub plan: &'a Plan,
    pub extra_gb: i64,
    /// Most extra space that is sold with this plan.
    pub sold_gb: i64,
}
impl Wish<'_> {
    /// The space that it would have, extra included.
    pub const fn space_mib(&self) -> i64 {
        self.plan.space_mib + self.extra_gb * MIB_PER_GB
    }
}

/// Most GB of extra space beside a plan: what the price list sells, and what the plan allows in all.
pub fn most_extra_gb(plan: &Plan, listed_gb: i64) -> i64 {
    let allowed = plan.max_space_mib.map_or(i64::MAX, |most| (most - plan.space_mib) / MIB_PER_GB);
    listed_gb.min(allowed).max(0)
}

/// What is lost, the heaviest first.
pub fn losses(now: &Present<'_>, wish: &Wish<'_>) -> Vec<Loss> {
    let (from, to) = (now.plan, wish.plan);
    let space = wish.space_mib();
    let gone = |had: bool, has: bool, loss| (had && !has).then_some(loss);
    [
        match to.archive_mib {
            0 if now.archive_mib > 0 => Some(Loss::Archive { mib: now.archive_mib }),
            left if left < now.archive_mib => Some(Loss::SmallerArchive { from_mib: now.archive_mib, to_mib: left }),
            _ => None,
        },
        (space < now.space_mib).then_some(Loss::Space { from_mib: now.space_mib, to_mib: space }),
        gone(from.sms_notice, to.sms_notice, Loss::SmsNotice),
        gone(from.multi_user, to.multi_user, Loss::MultiUser),
        gone(from.legal_storage, to.legal_storage, Loss::LegalStorage),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether it fits. More space, or as much as before, is never in question.
pub fn fit(now: &Present<'_>, wish: &Wish<'_>) -> Fit {
    let space = wish.space_mib();
    if space >= now.space_mib {
        return Fit::Fits;
    }
    let Some(used_kib) = now.used_kib else { return Fit::Unknown };
    if used_kib <= space * KIB_PER_MIB {
        return Fit::Fits;
    }
    let over_kib = used_kib - wish.plan.space_mib * KIB_PER_MIB;
    let gb = over_kib.div_euclid(MIB_PER_GB * KIB_PER_MIB) + i64::from(over_kib % (MIB_PER_GB * KIB_PER_MIB) > 0);
    match gb <= wish.sold_gb {
        true => Fit::NeedsExtra { gb },
        false => Fit::TooFull { most_mib: wish.plan.space_mib + wish.sold_gb * MIB_PER_GB },
    }
}

/// Last day of the larger space of a mailbox that is too full when its renewal is paid: its period was paid with that
/// space, and whoever pays late has some days all the same.
pub fn last_day_of_space(paid: Date, end: Date) -> Date {
    paid.plus_days(ROOM_DAYS).max(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(code: &str, space_mib: i64, archive_mib: i64) -> Plan {
        let rich = archive_mib > 0;
        let day = |s| Date::parse_iso(s).unwrap();
        Plan {
            code: code.into(),
            name: code.into(),
            position: 1,
            space_mib,
            max_space_mib: (!rich).then_some(2048),
            archive_mib,
            archive_extendable: rich,
            sms_notice: rich,
            multi_user: rich,
            legal_storage: true,
            sold_from: day("2026-01-01"),
            sold_until: None,
        }
    }
    fn plans() -> [Plan; 3] {
        [plan("standard", 1024, 0), plan("pro", 2048, 3072), plan("premium", 2048, 8192)]
    }

    /// Fit and losses of a change with so many MiB used; `sold` GB can be bought, `extra` are taken.
    fn change(from: &Plan, to: &Plan, used_mib: Option<i64>, sold: i64, extra: i64) -> (Fit, Vec<Loss>) {
        let used_kib = used_mib.map(|mib| mib * 1024);
        let now = Present { plan: from, space_mib: from.space_mib, archive_mib: from.archive_mib, used_kib };
        let wish = Wish { plan: to, extra_gb: extra, sold_gb: most_extra_gb(to, sold) };
        (fit(&now, &wish), losses(&now, &wish))
    }

    #[test]
    fn more_is_never_in_question() {
        let [standard, pro, premium] = plans();
        for (from, to) in [(&standard, &pro), (&standard, &premium), (&pro, &premium), (&standard, &standard)] {
            for used in [None, Some(0), Some(1024), Some(9000)] {
                assert_eq!(change(from, to, used, 0, 0), (Fit::Fits, vec![]), "{} to {}", from.code, to.code);
            }
        }
    }

    #[test]
    fn less_space_asks_what_lies_in_the_mailbox() {
        let [standard, pro, premium] = plans();
        for from in [&pro, &premium] {
            for (used, sold, extra, expected) in [
                (Some(0), 1, 0, Fit::Fits),
                (Some(1024), 1, 0, Fit::Fits),
                (Some(1025), 1, 0, Fit::NeedsExtra { gb: 1 }),
                (Some(2048), 1, 0, Fit::NeedsExtra { gb: 1 }),
                (Some(2049), 1, 0, Fit::TooFull { most_mib: 2048 }),
                // The plan allows one GB more, however many the list sells.
                (Some(2049), 9, 0, Fit::TooFull { most_mib: 2048 }),
                // Nothing is sold: something must be deleted.
                (Some(1025), 0, 0, Fit::TooFull { most_mib: 1024 }),
                (None, 1, 0, Fit::Unknown),
                // With the extra GB it has as much as before.
                (Some(1500), 1, 1, Fit::Fits),
                (None, 1, 1, Fit::Fits),
            ] {
                assert_eq!(change(from, &standard, used, sold, extra).0, expected, "{used:?} {sold} {extra}");
            }
        }
        let one_byte = Present { plan: &pro, space_mib: 2048, archive_mib: 3072, used_kib: Some(1024 * 1024 + 1) };
        let wish = Wish { plan: &standard, extra_gb: 0, sold_gb: 1 };
        assert_eq!(fit(&one_byte, &wish), Fit::NeedsExtra { gb: 1 });
    }

    #[test]
    fn what_is_lost_is_told_the_heaviest_first() {
        let [standard, pro, premium] = plans();
        assert_eq!(
            change(&pro, &standard, Some(0), 1, 0).1,
            [
                Loss::Archive { mib: 3072 },
                Loss::Space { from_mib: 2048, to_mib: 1024 },
                Loss::SmsNotice,
                Loss::MultiUser
            ]
        );
        // With the extra GB the space stays.
        assert!(!change(&premium, &standard, Some(0), 1, 1).1.iter().any(|l| matches!(l, Loss::Space { .. })));
        assert_eq!(
            change(&premium, &pro, Some(2000), 0, 0),
            (Fit::Fits, vec![Loss::SmallerArchive { from_mib: 8192, to_mib: 3072 }])
        );
        let bare = Plan { legal_storage: false, ..standard.clone() };
        assert_eq!(change(&standard, &bare, Some(0), 0, 0).1, [Loss::LegalStorage]);
    }

    #[test]
    fn fewer_extra_gb_of_the_same_plan_must_fit_too() {
        let [_, pro, _] = plans();
        let now = |used_mib: i64| Present {
            plan: &pro,
            space_mib: 2048 + 3 * 1024,
            archive_mib: 3072,
            used_kib: Some(used_mib * 1024),
        };
        let wish = |extra_gb| Wish { plan: &pro, extra_gb, sold_gb: most_extra_gb(&pro, 10) };
        assert_eq!(fit(&now(3072), &wish(1)), Fit::Fits);
        assert_eq!(fit(&now(3500), &wish(1)), Fit::NeedsExtra { gb: 2 });
        assert_eq!(fit(&now(9000), &wish(3)), Fit::Fits, "it has no less than before");
        assert_eq!(losses(&now(0), &wish(1)), [Loss::Space { from_mib: 5120, to_mib: 3072 }]);
    }

    #[test]
    fn the_larger_space_stays_as_long_as_it_was_paid_and_a_month_at_least() {
        let day = |s| Date::parse_iso(s).unwrap();
        assert_eq!(last_day_of_space(day("2027-03-01"), day("2027-09-30")), day("2027-09-30"));
        assert_eq!(last_day_of_space(day("2027-09-20"), day("2027-09-30")), day("2027-10-20"));
        assert_eq!(last_day_of_space(day("2027-12-01"), day("2027-09-30")), day("2027-12-31"));
    }
}
