//! The file of a catalogue: each part checked by itself, with every complaint at once.

use std::{io::Read, path::Path};

use anyhow::{Context, Result, bail};
use app::use_cases::catalogue::{
    good_code,
    load::{Addon, Catalogue, List, ListOffer, ListPrice, Text},
    new_list::CHANNELS,
    read_name,
};
use domain::{
    addon::{Service, Strategy},
    bank::read_amount,
    catalogue::{CertifiedDomain, Plan},
    ident::email::ascii_domain,
    legal::TextKind,
    money::Money,
    time::Date,
};
use serde::Deserialize;

const MIB_PER_GB: i64 = 1024;
/// Most that a file, and each text that it names, may have.
const MOST_BYTES: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    plan: Vec<FilePlan>,
    #[serde(default)]
    addon: Vec<FileAddon>,
    #[serde(default)]
    domain: Vec<FileDomain>,
    #[serde(default)]
    price_list: Vec<FileList>,
    #[serde(default)]
    text: Vec<FileText>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePlan {
    code: String,
    name: String,
    space_gb: i64,
    /// Without it, as much as is bought.
    max_space_gb: Option<i64>,
    #[serde(default)]
    archive_gb: i64,
    #[serde(default)]
    archive_extendable: bool,
    #[serde(default)]
    sms_notice: bool,
    #[serde(default)]
    multi_user: bool,
    #[serde(default)]
    legal_storage: bool,
    sold_from: String,
    sold_until: Option<String>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAddon {
    service: String,
    name: String,
    sold_from: String,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDomain {
    name: String,
    on_sale: bool,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileList {
    code: String,
    name: String,
    channel: String,
    addon_rule: Option<String>,
    #[serde(default)]
    price: Vec<FilePrice>,
    #[serde(default)]
    offer: Vec<FileOffer>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePrice {
    product: String,
    from: String,
    net: String,
    vat_percent: i64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOffer {
    plan: String,
    service: String,
    from: String,
    max_gb: i64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    kind: String,
    version: String,
    locale: String,
    title: String,
    /// Beside the file.
    file: String,
    from: String,
}

/// Reads a file and the texts that it names.
///
/// # Errors
/// With the line, when it is no such file; with every complaint, when something in it is wrong.
pub(super) fn read(path: &Path) -> Result<Catalogue> {
    let text = words(path)?;
    let file: File = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut reader = Reader { folder, wrong: Vec::new() };
    let catalogue = reader.catalogue(file);
    if !reader.wrong.is_empty() {
        bail!(super::refused(path, &reader.wrong));
    }
    Ok(catalogue)
}

/// The whole of a file that is not too long, whatever kind of file it is.
fn words(path: &Path) -> Result<String> {
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    let mut text = String::new();
    file.take(MOST_BYTES + 1).read_to_string(&mut text).with_context(|| path.display().to_string())?;
    if text.len() as u64 > MOST_BYTES {
        bail!("{}: it has more than the {MOST_BYTES} bytes that are read", path.display());
    }
    Ok(text)
}

struct Reader<'a> {
    folder: &'a Path,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn catalogue(&mut self, file: File) -> Catalogue {
        Catalogue {
            plans: (1..).zip(file.plan).map(|(n, p)| self.plan(n, p)).collect(),
            addons: file.addon.into_iter().filter_map(|a| self.addon(a)).collect(),
            domains: (1..).zip(file.domain).map(|(n, d)| self.domain(n, d)).collect(),
            lists: file.price_list.into_iter().map(|l| self.list(l)).collect(),
            texts: file.text.into_iter().filter_map(|t| self.text(t)).collect(),
        }
    }
    fn complain(&mut self, place: &str, words: &str) {
        self.wrong.push(format!("{place}: {words}"));
    }
    fn must(&mut self, good: bool, place: &str, words: &str) {
        if !good {
            self.complain(place, words);
        }
    }
    /// A day; what is no day is complained of, and nobody sees what stands in its place.
    fn day(&mut self, text: &str, place: &str, field: &str) -> Date {
        Date::parse_iso(text).unwrap_or_else(|| {
            self.complain(place, &format!("`{field}` is a day like 2026-12-01, not `{text}`"));
            Date::from_days(0)
        })
    }
    fn name(&mut self, text: &str, place: &str) -> String {
        read_name(text).unwrap_or_else(|_| {
            self.complain(place, "`name` has 2 to 80 characters");
            String::new()
        })
    }
    fn service(&mut self, word: &str, place: &str) -> Option<Service> {
        let found = Service::parse(word);
        if found.is_none() {
            let all: Vec<&str> = Service::ALL.iter().map(|s| s.as_str()).collect();
            self.complain(place, &format!("`service` is one of {}", all.join(", ")));
        }
        found
    }

    fn plan(&mut self, position: i64, p: FilePlan) -> Plan {
        let place = format!("plan `{}`", p.code);
        self.must(good_code(&p.code), &place, "`code` has 3 to 24 small letters, digits and dashes, a letter first");
        self.must((1..=1024).contains(&p.space_gb), &place, "`space_gb` is from 1 to 1024");
        let most = p.max_space_gb.unwrap_or(p.space_gb);
        self.must((p.space_gb..=10_240).contains(&most), &place, "`max_space_gb` is from `space_gb` to 10240");
        self.must((0..=10_240).contains(&p.archive_gb), &place, "`archive_gb` is from 0 to 10240");
        self.must(p.archive_gb > 0 || !p.archive_extendable, &place, "without an archive none can be extended");
        let sold_from = self.day(&p.sold_from, &place, "sold_from");
        let sold_until = p.sold_until.map(|day| self.day(&day, &place, "sold_until"));
        self.must(sold_until.is_none_or(|day| day >= sold_from), &place, "`sold_until` is before `sold_from`");
        Plan {
            position,
            name: self.name(&p.name, &place),
            code: p.code,
            space_mib: p.space_gb.saturating_mul(MIB_PER_GB),
            max_space_mib: p.max_space_gb.map(|gb| gb.saturating_mul(MIB_PER_GB)),
            archive_mib: p.archive_gb.saturating_mul(MIB_PER_GB),
            archive_extendable: p.archive_extendable,
            sms_notice: p.sms_notice,
            multi_user: p.multi_user,
            legal_storage: p.legal_storage,
            sold_from,
            sold_until,
        }
    }

    fn addon(&mut self, a: FileAddon) -> Option<Addon> {
        let place = format!("add-on `{}`", a.service);
        let (name, sold_from) = (self.name(&a.name, &place), self.day(&a.sold_from, &place, "sold_from"));
        self.service(&a.service, &place).map(|service| Addon { service, name, sold_from })
    }

    fn domain(&mut self, position: i64, d: FileDomain) -> CertifiedDomain {
        let good = ascii_domain(&d.name).is_ok_and(|ascii| ascii == d.name);
        self.must(good, &format!("domain `{}`", d.name), "a domain is written like pec.example.it, in small letters");
        CertifiedDomain { name: d.name, position, on_sale: d.on_sale }
    }

    fn list(&mut self, l: FileList) -> List {
        let place = format!("price list `{}`", l.code);
        self.must(good_code(&l.code), &place, "`code` has 3 to 24 small letters, digits and dashes, a letter first");
        let channel = CHANNELS.contains(&l.channel.as_str());
        self.must(channel, &place, "`channel` is `retail` or `agreement`");
        let rule = l.addon_rule.as_deref().map(Strategy::parse);
        self.must(rule != Some(None), &place, "`addon_rule` is `three_months` or `monthly`");
        List {
            name: self.name(&l.name, &place),
            prices: l.price.into_iter().map(|p| self.price(&l.code, p)).collect(),
            offers: l.offer.into_iter().filter_map(|o| self.offer(&l.code, o)).collect(),
            channel: l.channel,
            rule: rule.flatten(),
            code: l.code,
        }
    }

    fn price(&mut self, list: &str, p: FilePrice) -> ListPrice {
        let place = format!("price of `{}` in `{list}`", p.product);
        let net = match p.net.as_str() {
            "0" | "0.00" => Some(Money::ZERO),
            text => read_amount(text),
        };
        self.must(net.is_some(), &place, "`net` is an amount like \"9.90\"");
        self.must((0..=100).contains(&p.vat_percent), &place, "`vat_percent` is from 0 to 100");
        ListPrice {
            from: self.day(&p.from, &place, "from"),
            product: p.product,
            net: net.unwrap_or(Money::ZERO),
            vat_bp: p.vat_percent.saturating_mul(100),
        }
    }

    fn offer(&mut self, list: &str, o: FileOffer) -> Option<ListOffer> {
        let place = format!("offer of `{}` for `{}` in `{list}`", o.service, o.plan);
        let from = self.day(&o.from, &place, "from");
        let service = self.service(&o.service, &place)?;
        let most = service.most(10_000);
        self.must((1..=most).contains(&o.max_gb), &place, &format!("`max_gb` is from 1 to {most}"));
        Some(ListOffer { plan: o.plan, service, from, max_gb: o.max_gb })
    }

    fn text(&mut self, t: FileText) -> Option<Text> {
        let place = format!("text `{}` {} in `{}`", t.kind, t.version, t.locale);
        let kind = TextKind::parse(&t.kind);
        if kind.is_none() {
            let all: Vec<&str> = TextKind::ALL.iter().map(|k| k.as_str()).collect();
            self.complain(&place, &format!("`kind` is one of {}", all.join(", ")));
        }
        let version = (1..=32).contains(&t.version.len())
            && t.version.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        self.must(version, &place, "`version` has 1 to 32 letters, digits, dots and dashes");
        self.must(["it", "en"].contains(&t.locale.as_str()), &place, "`locale` is `it` or `en`");
        let title = t.title.trim().to_owned();
        self.must((1..=200).contains(&title.chars().count()), &place, "`title` has 1 to 200 characters");
        let from = self.day(&t.from, &place, "from");
        let body = self.body(&t.file, &place);
        kind.map(|kind| Text { kind, version: t.version, locale: t.locale, title, body, from })
    }

    /// Paragraphs are parted by an empty line; lines of other systems end as ours do.
    fn body(&mut self, file: &str, place: &str) -> String {
        let read = match words(&self.folder.join(file)) {
            Ok(read) => read.trim_start_matches('\u{feff}').replace("\r\n", "\n").trim().to_owned(),
            Err(e) => {
                self.complain(place, &format!("{e:#}"));
                return String::new();
            }
        };
        self.must(!read.is_empty(), place, "its file is empty");
        let strange = read.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
        self.must(!strange, place, "its file has characters that cannot be shown");
        read
    }
}
