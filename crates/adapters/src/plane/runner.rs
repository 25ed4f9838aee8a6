//! A private pair of Dovecot and Postfix, started from generated configuration and ended with the
//! value that holds it.
//!
//! The two masters run in the foreground as our children: there is no daemon to lose sight of. A third child, the
//! watcher, holds the reading end of a pipe: when this process dies without a word the pipe closes, and the
//! watcher ends the masters. (The kernel's own signal at a parent's death is lost by Postfix, which changes
//! users.) Should the watcher be killed as well, the next start finds the masters in a file. Their output goes to files: a daemon that inherits a pipe keeps it open, and the reader at the other
//! end waits for ever.

use std::{
    fs, io,
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::config::{self, Logs, Settings, tls};

/// Why the servers do not run.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A program is not installed; the packages that bring it, for people.
    #[error("`{program}` is not installed: on Debian, apt install {packages}")]
    Missing { program: &'static str, packages: &'static str },
    /// Postfix and Dovecot change users, which only root may.
    #[error("starting mail servers needs root")]
    NotRoot,
    #[error("{0}")]
    Setting(#[from] config::BadSetting),
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Started, but a port did not open; with the end of the log.
    #[error("{0}")]
    DidNotStart(String),
}

/// The Debian packages that a private pair needs.
pub const PACKAGES: &str = "dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-sqlite dovecot-pgsql postfix postfix-sqlite postfix-pgsql";

/// Holds the process numbers of the masters, in the folder of the configuration.
const MASTERS_FILE: &str = "masters.pid";

/// Running servers; dropping it stops them.
pub struct Running {
    settings: Settings,
    children: Children,
}

impl Running {
    /// What they run on.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
    /// The authority that clients of a generated certificate trust, PEM.
    pub fn authority_file(&self) -> PathBuf {
        self.settings.certificate.with_file_name(tls::AUTHORITY_FILE)
    }
    /// Stops them and waits until they are gone.
    pub fn stop(mut self) {
        self.children.end();
    }
}

/// Whether a pair could be started here.
///
/// # Errors
/// What is missing, in words for the person who would install it.
pub fn possible() -> Result<(), Trouble> {
    for program in ["dovecot", "postfix"] {
        find(program).ok_or(Trouble::Missing { program, packages: PACKAGES })?;
    }
    // Packages that bring a part of them; elsewhere than on Debian, starting tells.
    for part in [
        "dovecot/imap",
        "dovecot/pop3",
        "dovecot/lmtp",
        "dovecot/modules/libdriver_sqlite.so",
        "postfix/postfix-sqlite.so",
    ] {
        if Path::new("/etc/debian_version").exists() && !Path::new("/usr/lib").join(part).exists() {
            return Err(Trouble::Missing { program: part, packages: PACKAGES });
        }
    }
    match fs::metadata("/proc/self").map(|m| std::os::unix::fs::MetadataExt::uid(&m)) {
        Ok(0) => Ok(()),
        _ => Err(Trouble::NotRoot),
    }
}

/// Eleven free ports in a row on loopback; another program may take one before they are used.
pub fn free_ports() -> io::Result<u16> {
    let count = config::Ports::COUNT;
    for _ in 0..200 {
        let first = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        // Below the range from which the system hands out ports, so that no client takes one meanwhile.
        let base = 10_000 + first % 20_000;
        if (base..base + count).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return Ok(base);
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, "no eleven free ports in a row on loopback"))
}

/// Writes the configuration, starts both servers and waits until their ports answer.
///
/// Blocking: call it from a thread that may wait.
///
/// # Errors
/// What is missing, what is set wrong, or the end of the log of a server that does not come up.
pub fn start(settings: Settings) -> Result<Running, Trouble> {
    possible()?;
    clear_up(&settings.dir);
    prepare(&settings)?;
    let mut children = Children::default();
    // On an error, dropping `children` ends what was started.
    children.start(&settings)?;
    Ok(Running { settings, children })
}

/// Ends the servers that an earlier process started from this folder and could not end. Only those: a number that
/// means another process by now is left alone.
///
/// Blocking, up to some seconds, if there are any.
pub fn clear_up(dir: &Path) {
    let file = dir.join(MASTERS_FILE);
    let Ok(text) = fs::read_to_string(&file) else { return };
    let left: Vec<u32> =
        text.lines().filter_map(|l| l.trim().parse().ok()).filter(|pid| works_for(*pid, dir)).collect();
    for how in ["-TERM", "-KILL"] {
        left.iter().filter(|pid| works_for(**pid, dir)).for_each(|pid| signal(how, *pid));
        for _ in 0..100 {
            if !left.iter().any(|pid| works_for(*pid, dir)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }
    let _ = fs::remove_file(&file);
}

/// Is this a living process that was started with a configuration in this folder?
fn works_for(pid: u32, dir: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut words = line.split(|b| *b == 0).map(|word| Path::new(std::ffi::OsStr::from_bytes(word)));
    words.any(|word| word.starts_with(dir))
}

fn prepare(s: &Settings) -> Result<(), Trouble> {
    s.check()?;
    let mut folders = vec![&s.dir, &s.run_dir, &s.mail_dir, &s.queue_dir, &s.queue_data_dir];
    if let Logs::Folder(folder) = &s.logs {
        folders.push(folder);
    }
    for folder in folders {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    fs::set_permissions(&s.mail_dir, fs::Permissions::from_mode(0o700))?;
    chown(&s.mail_dir, Some(s.mail_uid), Some(s.mail_gid))?;
    chown(&s.queue_data_dir, config::user_id("postfix"), None)?;
    let names = [s.hostname.clone(), "localhost".into(), "127.0.0.1".into()];
    tls::ensure(&s.certificate, &s.key, &names)?;
    config::write(s)?;
    Ok(())
}

#[derive(Default)]
struct Children {
    masters: Vec<(&'static str, Child)>,
    watcher: Option<Child>,
    /// Where their numbers are kept.
    file: PathBuf,
}
impl Drop for Children {
    fn drop(&mut self) {
        self.end();
    }
}

impl Children {
    fn start(&mut self, s: &Settings) -> Result<(), Trouble> {
        let log = match &s.logs {
            Logs::Folder(folder) => folder.clone(),
            Logs::Syslog => s.run_dir.clone(),
        };
        self.file = s.dir.join(MASTERS_FILE);
        let conf = s.dir.join("dovecot.conf");
        self.spawn("dovecot", &["-F".as_ref(), "-c".as_ref(), conf.as_os_str()], &log)?;
        // `postfix start-fg` would put a shell between us and the master, so its two steps are taken here:
        // the check, which also makes the queue's folders, and the master.
        let postfix = s.dir.join("postfix");
        let check = fs::File::create(log.join("postfix-check.txt"))?;
        let checked = command("postfix")?
            .arg("-c")
            .arg(&postfix)
            .arg("check")
            .stdin(Stdio::null())
            .stdout(check.try_clone()?)
            .stderr(check)
            .status()?;
        if !checked.success() {
            let text = fs::read_to_string(log.join("postfix-check.txt")).unwrap_or_default();
            return Err(Trouble::DidNotStart(format!("postfix check: {text}{}", last_words(&log, "postfix"))));
        }
        self.spawn("master", &["-c".as_ref(), postfix.as_os_str(), "-s".as_ref()], &log)?;
        self.watch()?;
        let address = match s.listen {
            config::Listen::Address(a) => a,
            config::Listen::All => [127, 0, 0, 1].into(),
        };
        let p = &s.ports;
        let public = [p.imap, p.imaps, p.pop3, p.smtp, p.submission, p.submissions].map(|port| (address, port));
        let internal = [p.lmtp, p.auth, p.quota, p.doveadm].map(|port| (s.internal, port));
        for at in public.into_iter().chain(internal) {
            self.wait_for(at.into(), &log)?;
        }
        Ok(())
    }

    fn spawn(&mut self, program: &'static str, args: &[&std::ffi::OsStr], log: &Path) -> Result<(), Trouble> {
        let mut command = command(program)?;
        let out = fs::File::create(log.join(format!("{program}-start.txt")))?;
        command.args(args).stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        // Each master makes a session and process group of its own, and ends its group with itself.
        self.masters.push((program, command.spawn()?));
        let numbers: String = self.masters.iter().map(|(_, child)| format!("{}\n", child.id())).collect();
        Ok(fs::write(&self.file, numbers)?)
    }

    fn wait_for(&mut self, at: SocketAddr, log: &Path) -> Result<(), Trouble> {
        for _ in 0..200 {
            for (program, child) in &mut self.masters {
                if let Some(status) = child.try_wait()? {
                    return Err(Trouble::DidNotStart(format!(
                        "{program} ended with {status}: {}",
                        last_words(log, program)
                    )));
                }
            }
            if TcpStream::connect_timeout(&at, Duration::from_millis(200)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Trouble::DidNotStart(format!(
            "{at} did not open: {}",
            last_words(log, "dovecot") + &last_words(log, "master")
        )))
    }

    fn watch(&mut self) -> io::Result<()> {
        let mut watcher = Command::new("/bin/sh");
        watcher.args(["-c", "trap '' INT HUP TERM; read nothing; kill -TERM \"$@\"", "watcher"]);
        watcher.args(self.masters.iter().map(|(_, child)| child.id().to_string()));
        watcher.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).env_clear().env("PATH", PROGRAM_PATH);
        // Apart from the group of its parent, so that what is sent to all of that does not reach it.
        watcher.process_group(0);
        self.watcher = Some(watcher.spawn()?);
        Ok(())
    }

    /// Asks all to end, waits a while, then insists.
    fn end(&mut self) {
        // First the watcher, which knows process numbers that will soon mean nothing.
        if let Some(mut watcher) = self.watcher.take() {
            let _ = watcher.kill();
            let _ = watcher.wait();
        }
        for (_, child) in &self.masters {
            signal("-TERM", child.id());
        }
        for (_, child) in &mut self.masters {
            let mut gone = false;
            for _ in 0..100 {
                if !matches!(child.try_wait(), Ok(None)) {
                    gone = true;
                    break;
                }
                std::thread::sleep(Duration::from_millis(30));
            }
            if !gone {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
        if !self.masters.is_empty() {
            let _ = fs::remove_file(&self.file);
        }
        self.masters.clear();
    }
}

fn command(program: &'static str) -> Result<Command, Trouble> {
    let path = find(program).ok_or(Trouble::Missing { program, packages: PACKAGES })?;
    let mut command = Command::new(path);
    // The caller's surroundings (language, settings of a test) are none of the servers' business.
    command.env_clear().env("PATH", PROGRAM_PATH);
    Ok(command)
}

fn signal(name: &str, pid: u32) {
    let _ = Command::new("kill").args([name, &pid.to_string()]).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Servers live where a plain user's PATH does not look.
const PROGRAM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Postfix's own daemons.
const POSTFIX_DAEMONS: &str = "/usr/lib/postfix/sbin:/usr/libexec/postfix";

fn find(program: &str) -> Option<PathBuf> {
    let places = if program == "master" { POSTFIX_DAEMONS } else { PROGRAM_PATH };
    places.split(':').map(|folder| Path::new(folder).join(program)).find(|path| path.exists())
}

fn last_words(log: &Path, program: &str) -> String {
    let read = |name: String| fs::read_to_string(log.join(name)).unwrap_or_default();
    let text = read(format!("{program}-start.txt"))
        + &read(format!("{}.log", if program == "master" { "postfix" } else { program }));
    let lines: Vec<_> = text.lines().collect();
    format!("{program} says:\n{}\n", lines[lines.len().saturating_sub(15)..].join("\n"))
}
