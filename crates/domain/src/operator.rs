//! Operators of the provider: their roles, what each role may do, and how they are named.

use serde::{Deserialize, Serialize};

/// What an operator is there for. One each; what it allows is [`Role::may`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks, and changes nothing.
    Viewer,
    /// Follows customers: puts stuck work back on its way.
    Support,
    /// Follows money.
    Accounting,
    /// All of it, and the other operators.
    Admin,
}

/// Something that not every operator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the pages of the back office.
    See,
    /// Let a stuck effect be tried again.
    RetryEffects,
    /// Give an effect up for good.
    GiveUpEffects,
    /// Book what came on the bank account, decide about what matches no order, give money back.
    MoveMoney,
    /// Stop the nightly run, and let it go on.
    RunNight,
    /// Change prices and agreements, from a day on.
    EditCatalogue,
    /// Make operators, give them access again, block them.
    ManageOperators,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Support, Self::Accounting, Self::Admin];
    /// The stable word, for columns, commands and keys of words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Support => "support",
            Self::Accounting => "accounting",
            Self::Admin => "admin",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
    /// Whether this role may do it.
    pub const fn may(self, what: Permission) -> bool {
        match what {
            Permission::See => true,
            Permission::RetryEffects => !matches!(self, Self::Viewer),
            Permission::MoveMoney | Permission::RunNight | Permission::EditCatalogue => {
                matches!(self, Self::Accounting | Self::Admin)
            }
            // To give up a charge or a mailbox is to decide that it never happens.
            Permission::GiveUpEffects | Permission::ManageOperators => matches!(self, Self::Admin),
        }
    }
}

/// The username of an operator: 2 to 40 of `a-z 0-9 . - _`, letters or digits at the ends; lower-cased,
/// blanks around it dropped. Never a bare number and never an address: those are customers'.
pub fn read_username(raw: &str) -> Option<String> {
    let name = raw.trim().to_ascii_lowercase();
    let end = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let good = (2..=40).contains(&name.len())
        && name.bytes().all(|b| end(b) || matches!(b, b'.' | b'-' | b'_'))
        && name.bytes().next().is_some_and(end)
        && name.bytes().last().is_some_and(end)
        && name.bytes().any(|b| b.is_ascii_lowercase());
    good.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert!(role.may(Permission::See));
        }
        assert_eq!(Role::parse("root"), None);
    }

    #[test]
    fn only_the_administrator_decides_for_good() {
        for what in [Permission::GiveUpEffects, Permission::ManageOperators] {
            assert_eq!(Role::ALL.map(|r| r.may(what)), [false, false, false, true], "{what:?}");
        }
        assert_eq!(Role::ALL.map(|r| r.may(Permission::RetryEffects)), [false, true, true, true]);
        assert_eq!(Role::ALL.map(|r| r.may(Permission::MoveMoney)), [false, false, true, true]);
        assert_eq!(Role::ALL.map(|r| r.may(Permission::RunNight)), [false, false, true, true]);
        assert_eq!(Role::ALL.map(|r| r.may(Permission::EditCatalogue)), [false, false, true, true]);
    }

    #[test]
    fn usernames() {
        assert_eq!(read_username(" Sara.Conti ").as_deref(), Some("sara.conti"));
        assert_eq!(read_username("op").as_deref(), Some("op"));
        for bad in
            ["", "x", "100001", "sara@example.it", ".sara", "sara-", "sàra", "sa ra", "a\u{200b}b", &"a".repeat(41)]
        {
            assert_eq!(read_username(bad), None, "{bad:?}");
        }
    }
}
