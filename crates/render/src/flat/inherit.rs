//! Layouts and includes written into the page.

use std::collections::BTreeMap;

use super::{
    pieces::{Piece, end_of, pieces},
    scoped,
};

/// Blocks by name: those of a page win over those of its layouts.
type Blocks = BTreeMap<String, Vec<Piece>>;

/// The page with its layouts around it and its includes in place; `None` when they are chosen at run time.
pub(super) fn whole(sources: &BTreeMap<String, String>, name: &str) -> Option<Vec<Piece>> {
    let (mut before, mut blocks) = (Vec::new(), Blocks::new());
    let mut name = name.to_owned();
    loop {
        let parts = pieces(sources.get(&name)?)?;
        collect(&parts, &mut blocks)?;
        let Some(parent) = parts.iter().find(|p| p.verb() == "extends") else {
            before.extend(fill(&parts, &blocks)?);
            return included(sources, before);
        };
        before.extend(beside_blocks(&parts)?);
        parent.tag()?.strip_prefix("extends \"")?.strip_suffix('"')?.clone_into(&mut name);
    }
}

/// Takes the blocks of a template, nested ones too, that no template below it has.
fn collect(parts: &[Piece], blocks: &mut Blocks) -> Option<()> {
    for (at, part) in parts.iter().enumerate() {
        if let Some(name) = block(part) {
            let end = end_of(parts, at + 1, "block", "endblock")?;
            blocks.entry(name.into()).or_insert_with(|| parts[at + 1..end].to_vec());
        }
    }
    Some(())
}

fn block(part: &Piece) -> Option<&str> {
    part.tag()?.strip_prefix("block ").map(str::trim)
}

/// What a page that extends another says outside its blocks: imports and names; nothing else is understood.
fn beside_blocks(parts: &[Piece]) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        match part.verb() {
            "block" => at = end_of(parts, at + 1, "block", "endblock")?,
            "import" | "set" => out.push(part.clone()),
            "extends" | "" => {}
            _ => return None,
        }
        at += 1;
    }
    Some(out)
}

fn fill(parts: &[Piece], blocks: &Blocks) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        if let Some(name) = block(part) {
            out.extend(scoped(fill(blocks.get(name)?, blocks)?));
            at = end_of(parts, at + 1, "block", "endblock")?;
        } else {
            out.push(part.clone());
        }
        at += 1;
    }
    Some(out)
}

fn included(sources: &BTreeMap<String, String>, parts: Vec<Piece>) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    for part in parts {
        match part.tag().and_then(|t| t.strip_prefix("include \"")?.strip_suffix('"')) {
            Some(name) => out.extend(scoped(included(sources, pieces(sources.get(name)?)?)?)),
            None => out.push(part),
        }
    }
    Some(out)
}
