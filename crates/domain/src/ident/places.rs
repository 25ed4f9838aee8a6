//! Municipalities, provinces and foreign states, with the days on which they existed.
//!
//! `data/places.csv` is written by `scripts/make_places.py`; it states its source. Lists are data, not
//! enums: provinces come and go (notes on law B16). A name alone does not identify a municipality
//! (Castro, Livo, Peglio, Samone, San Teodoro live twice): name and province do.

use std::{collections::HashMap, sync::LazyLock};

use super::text::name_key;
use crate::time::Date;

static PLACES_CSV: &str = include_str!("../../data/places.csv");
static PROVINCES_CSV: &str = include_str!("../../data/provinces.csv");

/// The province mark of foreign states.
pub const ABROAD: &str = "EE";

/// One period of a municipality or a foreign state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Cadastral code: letter and three digits, `Z…` for foreign states.
    pub code: &'static str,
    /// Two letters, or [`ABROAD`].
    pub province: &'static str,
    pub name: &'static str,
    /// The name in the second language of the place, or another form of it.
    pub second_name: Option<&'static str>,
    pub from: Date,
    /// The last day; `None` while the place lives.
    pub to: Option<Date>,
}
impl Place {
    pub fn is_foreign(&self) -> bool {
        self.code.starts_with('Z')
    }
    pub fn lives_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

refusals! {
    /// Why a postcode, a province or a municipality is refused.
    pub enum PlaceRefusal {
        /// Not five ASCII digits, or `00000`.
        PostalCode = "place-postal-code",
        /// No province of today has this mark.
        Province = "place-province",
        /// No municipality of today has this name.
        Municipality = "place-municipality",
        /// The municipality exists, in another province.
        MunicipalityElsewhere = "place-municipality-elsewhere",
        /// No state has this name or code.
        State = "place-state",
    }
}

static ALL: LazyLock<Vec<Place>> = LazyLock::new(|| PLACES_CSV.lines().map(read).collect());

fn read(line: &'static str) -> Place {
    let mut parts = line.split(';');
    let mut next = || parts.next().expect("the place list is generated with five fields");
    let (code, province, from, to, name) = (next(), next(), next(), next(), next());
    Place {
        code,
        province,
        name,
        second_name: parts.next(),
        from: day(from).expect("each place has a first day"),
        to: day(to),
    }
}

fn day(digits: &str) -> Option<Date> {
    let n: i32 = digits.parse().ok()?;
    Date::new((n / 10_000) as i16, (n / 100 % 100) as i8, (n % 100) as i8)
}

/// The periods of a code in order of time; empty when the code was never given.
pub fn by_code(code: &str) -> &'static [Place] {
    let all: &'static [Place] = &ALL;
    let start = all.partition_point(|p| p.code < code);
    let len = all[start..].partition_point(|p| p.code == code);
    &all[start..start + len]
}

/// The period of a code that holds on a day. When none does, the nearest one, marked `false`:
/// some codes were given after birth and the official days have gaps, so this is a warning only.
pub fn at_birth(code: &str, birth: Date) -> Option<(&'static Place, bool)> {
    let periods = by_code(code);
    if let Some(p) = periods.iter().rev().find(|p| p.lives_on(birth)) {
        return Some((p, true));
    }
    let distance = |p: &Place| {
        let before = p.from.days_since(birth).max(0);
        before.max(p.to.map_or(0, |to| birth.days_since(to)))
    };
    periods.iter().min_by_key(|p| distance(p)).map(|p| (p, false))
}

/// Provinces of today: mark and name, in order of name.
pub fn provinces() -> &'static [(&'static str, &'static str)] {
    static LIST: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let mut list: Vec<_> = PROVINCES_CSV.lines().filter_map(|l| l.split_once(';')).collect();
        list.sort_by_key(|(_, name)| *name);
        list
    });
    &LIST
}

/// The mark of a province of today, typed in any case.
pub fn province(raw: &str) -> Result<&'static str, PlaceRefusal> {
    let mark = raw.trim();
    provinces().iter().map(|(m, _)| *m).find(|m| m.eq_ignore_ascii_case(mark)).ok_or(PlaceRefusal::Province)
}

type Index = HashMap<String, Vec<&'static Place>>;

fn index_of(wanted: impl Fn(&Place) -> bool) -> Index {
    let mut index = Index::new();
    for place in ALL.iter().filter(|p| wanted(p)) {
        for key in keys(place) {
            let at = index.entry(key).or_default();
            if !at.contains(&place) {
                at.push(place);
            }
        }
    }
    index
}

fn living() -> &'static Index {
    static INDEX: LazyLock<Index> = LazyLock::new(|| index_of(|p| p.to.is_none() && !p.is_foreign()));
    &INDEX
}

fn of_all_times() -> &'static Index {
    static INDEX: LazyLock<Index> = LazyLock::new(|| index_of(|_| true));
    &INDEX
}

/// A place is found by its name, its second name, and both joined as road signs write them.
fn keys(place: &Place) -> Vec<String> {
    let mut keys: Vec<String> = name_key(place.name).into_iter().collect();
    if let Some(second) = place.second_name {
        keys.extend(name_key(second));
        keys.extend(name_key(&format!("{}{second}", place.name)));
    }
    keys
}

/// Municipalities of a province of today, in order of name.
pub fn municipalities(province: &str) -> Vec<&'static Place> {
    let mut list: Vec<_> = ALL.iter().filter(|p| p.to.is_none() && !p.is_foreign() && p.province == province).collect();
    list.sort_by_key(|p| p.name);
    list
}

/// The municipality of today with this name in this province; accents, apostrophes, case and
/// either language do not matter.
pub fn municipality(raw: &str, province: &str) -> Result<&'static Place, PlaceRefusal> {
    let found = name_key(raw).and_then(|k| living().get(&k)).ok_or(PlaceRefusal::Municipality)?;
    found.iter().copied().find(|p| p.province == province).ok_or(PlaceRefusal::MunicipalityElsewhere)
}

/// Foreign states of today, in order of name.
pub fn states() -> Vec<&'static Place> {
    let mut list: Vec<_> = ALL.iter().filter(|p| p.to.is_none() && p.is_foreign()).collect();
    list.sort_by_key(|p| p.name);
    list
}

/// A foreign state by its name or its `Z` code, past ones included (people were born there).
pub fn state(raw: &str) -> Result<&'static Place, PlaceRefusal> {
    let key = name_key(raw).ok_or(PlaceRefusal::State)?;
    let named = of_all_times().get(&key).into_iter().flatten().copied();
    by_code(&key).iter().chain(named).find(|p| p.is_foreign()).ok_or(PlaceRefusal::State)
}

/// Every place that ever had this name: candidates for a typed place of birth.
pub fn ever_named(raw: &str) -> &'static [&'static Place] {
    name_key(raw).and_then(|key| of_all_times().get(&key)).map_or(&[], Vec::as_slice)
}

/// An Italian postcode: five ASCII digits, zeros in front kept; `00000` means abroad and is refused.
pub fn postal_code(raw: &str) -> Result<String, PlaceRefusal> {
    let cap = raw.trim();
    let good = cap.len() == 5 && cap.bytes().all(|b| b.is_ascii_digit()) && cap != "00000";
    if good { Ok(cap.to_owned()) } else { Err(PlaceRefusal::PostalCode) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> Date {
        Date::parse_iso(s).unwrap()
    }
    #[test]
    fn list_is_sound() {
        assert!(ALL.len() > 15_000);
        assert!(ALL.is_sorted_by_key(|p| (p.code, p.from)));
        for p in ALL.iter() {
            assert!(p.code.len() == 4 && p.code.as_bytes()[1..].iter().all(u8::is_ascii_digit), "{p:?}");
            assert!(p.to.is_none_or(|to| to >= p.from), "{p:?}");
            assert_eq!(p.is_foreign(), p.province == ABROAD, "{p:?}");
        }
        let codes: std::collections::HashSet<_> = ALL.iter().filter(|p| !p.is_foreign()).map(|p| p.code).collect();
        assert_eq!(codes.len(), 9_864);
    }
    #[test]
    fn provinces_are_those_of_the_living_places() {
        let living: std::collections::BTreeSet<_> =
            ALL.iter().filter(|p| p.to.is_none() && !p.is_foreign()).map(|p| p.province).collect();
        let listed: std::collections::BTreeSet<_> = provinces().iter().map(|p| p.0).collect();
        assert_eq!(living, listed);
        assert_eq!(listed.len(), 107);
        assert_eq!(province(" rm "), Ok("RM"));
        assert_eq!(province("PS"), Err(PlaceRefusal::Province));
        assert_eq!(province("ＲＭ"), Err(PlaceRefusal::Province));
    }
    #[test]
    fn names_meet_in_every_spelling() {
        assert_eq!(municipality("bolzano/BOZEN", "BZ").unwrap().code, "A952");
        assert_eq!(municipality("Bozen", "BZ").unwrap().code, "A952");
        assert_eq!(municipality("forli", "FC").unwrap().name, "Forlì");
        assert_eq!(municipality("Roma", "MI"), Err(PlaceRefusal::MunicipalityElsewhere));
        assert_eq!(municipality("Pola", "TS"), Err(PlaceRefusal::Municipality));
        assert_ne!(municipality("Castro", "BG").unwrap().code, municipality("Castro", "LE").unwrap().code);
        assert_eq!(state("z110").unwrap().name, "Francia");
        assert_eq!(state("cecoslovacchia").unwrap().code, "Z105");
        assert_eq!(state("Atlantide"), Err(PlaceRefusal::State));
    }
    #[test]
    fn periods() {
        assert_eq!(at_birth("D969", d("1983-11-18")).unwrap().0.name, "Genova");
        assert_eq!(at_birth("A001", d("1920-01-01")).unwrap().0.name, "Abano");
        assert!(at_birth("A001", d("1850-01-01")).is_some_and(|(p, on)| p.name == "Abano" && !on));
        assert!(at_birth("Z105", d("1999-01-01")).is_some_and(|(_, on)| !on));
        assert!(at_birth("A000", d("1990-01-01")).is_none());
        assert!(ever_named("Pola").iter().any(|p| p.province == "PL"));
    }
    #[test]
    fn postal_codes() {
        assert_eq!(postal_code(" 00184 ").as_deref(), Ok("00184"));
        for bad in ["0184", "001841", "0018a", "00000", "００１８４", "", "1 184"] {
            assert_eq!(postal_code(bad), Err(PlaceRefusal::PostalCode), "{bad}");
        }
    }
}
