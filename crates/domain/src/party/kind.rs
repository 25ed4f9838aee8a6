//! The kinds of subject that can be registered or hold a mailbox.

use serde::{Deserialize, Serialize};

/// Who a registry record describes (domain notes 1.2; the «altro» of the form is the last three).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// «Persona fisica».
    Person,
    /// «Azienda».
    Company,
    /// «Libero professionista».
    Freelancer,
    /// «Ditta individuale».
    SoleTrader,
    /// «Altro»: body without profit.
    Nonprofit,
    /// «Altro»: public body.
    PublicBody,
    /// «Altro»: any other subject; its fields are those of a body without profit.
    Other,
}

/// The five choices of the first page; `Other` asks a sub-type (domain notes 12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    Person,
    Company,
    Freelancer,
    SoleTrader,
    Other,
}

impl SubjectKind {
    pub const ALL: [SubjectKind; 7] = [
        Self::Person,
        Self::Company,
        Self::Freelancer,
        Self::SoleTrader,
        Self::Nonprofit,
        Self::PublicBody,
        Self::Other,
    ];
    /// The kinds behind «altro».
    pub const SUB_TYPES: [SubjectKind; 3] = [Self::Nonprofit, Self::PublicBody, Self::Other];

    /// The word of the store and of the forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::Freelancer => "freelancer",
            Self::SoleTrader => "sole_trader",
            Self::Nonprofit => "nonprofit",
            Self::PublicBody => "public_body",
            Self::Other => "other",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
    /// The choice of the first page under which the kind stands.
    pub const fn subject_type(self) -> SubjectType {
        match self {
            Self::Person => SubjectType::Person,
            Self::Company => SubjectType::Company,
            Self::Freelancer => SubjectType::Freelancer,
            Self::SoleTrader => SubjectType::SoleTrader,
            Self::Nonprofit | Self::PublicBody | Self::Other => SubjectType::Other,
        }
    }
    /// Whether the names on the record are those of a legal representative or contact.
    pub const fn has_representative(self) -> bool {
        !matches!(self, Self::Person | Self::Freelancer | Self::SoleTrader)
    }
    pub(super) const fn column(self) -> usize {
        self as usize
    }
}

impl SubjectType {
    pub const ALL: [SubjectType; 5] = [Self::Person, Self::Company, Self::Freelancer, Self::SoleTrader, Self::Other];

    /// The word of the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::Freelancer => "freelancer",
            Self::SoleTrader => "sole_trader",
            Self::Other => "other",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
    /// The kind, when the choice leaves no question open.
    pub const fn kind(self) -> Option<SubjectKind> {
        match self {
            Self::Person => Some(SubjectKind::Person),
            Self::Company => Some(SubjectKind::Company),
            Self::Freelancer => Some(SubjectKind::Freelancer),
            Self::SoleTrader => Some(SubjectKind::SoleTrader),
            Self::Other => None,
        }
    }
}
