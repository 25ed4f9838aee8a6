//! Configuration: one TOML file, the environment over it, defaults under it.

mod defaults;
pub mod load;
mod nearest;
mod refuse;
pub mod sections;

pub use load::{load, usual_file};
pub use refuse::refuse;
pub use sections::Config;

impl Config {
    /// The database, with the default of the data folder filled in.
    pub fn database_url(&self) -> String {
        match self.database.url.reveal() {
            "" => format!("sqlite:{}", self.data.join("ceralacca.db").display()),
            url => url.to_owned(),
        }
    }
    /// Where the server secret is kept.
    pub fn secret_path(&self) -> std::path::PathBuf {
        match self.server.secret_file.as_os_str().is_empty() {
            true => self.data.join("server-secret"),
            false => self.server.secret_file.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
