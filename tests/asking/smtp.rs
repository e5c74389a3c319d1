//! A real mail server beside a test: Debian's aiosmtpd on a port of its own,
//! which puts what it receives into a folder. Its absence is a failure that
//! says how to get it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The server and the folder of its mails.
pub struct Smtp {
    pub port: u16,
    folder: PathBuf,
    process: Option<Child>,
}

impl Smtp {
    /// Takes a port and a folder; nothing listens there yet.
    pub fn prepare(name: &str) -> Smtp {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("smtp-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        Smtp { port, folder, process: None }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Starts it and waits until it listens.
    pub async fn start(&mut self) {
        let process = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "--nosetuid", "--listen", &format!("127.0.0.1:{}", self.port)])
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(&self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("no mail server; install it: apt-get install -y python3-aiosmtpd");
        self.process = Some(process);
        let mut ticks = tokio::time::interval(Duration::from_millis(100));
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none(), "the mail server ended; install it: apt-get install -y python3-aiosmtpd");
            ticks.tick().await;
        }
        panic!("the mail server does not listen");
    }

    /// Everything that it has received, as it came.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(self.folder.join("new")).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        files.sort_by_key(|file| moment(file));
        files.iter().map(|file| std::fs::read(file).expect("a mail")).collect()
    }

    /// As many mails, as soon as they are there.
    pub async fn until(&self, count: usize, mut meanwhile: impl FnMut()) -> Vec<Vec<u8>> {
        let mut ticks = tokio::time::interval(Duration::from_millis(100));
        for _ in 0..300 {
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            meanwhile();
            ticks.tick().await;
        }
        panic!("{} of {count} mails came", self.mails().len());
    }
}

/// Seconds and microseconds out of the name of a mail in its folder (`1772539200.M907P12Q3.host`), as numbers: as letters
/// they are in another order.
fn moment(file: &Path) -> (u64, u64) {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut parts = name.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut next = || parts.next().and_then(|part| part.parse().ok()).expect("the name of a mail");
    (next(), next())
}

impl Drop for Smtp {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
