//! Which addresses may be written to. Public ones over HTTPS; everything else
//! (our own network, this machine, the provider's metadata) only where the
//! settings name it. What is not known to be public is refused.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Letters of an address.
const MOST_LETTERS: usize = 2_000;

/// Ports of well-known programs that take commands as lines, and are never a receiver of webhooks.
const REFUSED_PORTS: [u16; 22] = [
    1433, 1521, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5900, 6000, 6379, 6667, 9042, 9200, 9300,
    11211, 27017, 50070,
];

/// Names that lead inside whatever they resolve to.
const INSIDE_NAMES: [&str; 8] =
    ["localhost", "local", "internal", "intranet", "lan", "corp", "home.arpa", "localdomain"];

/// Hosts and networks that the settings allow although they are not public.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowList {
    hosts: Vec<String>,
    networks: Vec<(IpAddr, u8)>,
}

/// Why an address is refused, in words for whoever gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("write an address such as https://hooks.acme.example/baton")]
    NoAddress,
    #[error("at most {MOST_LETTERS} letters")]
    TooLong,
    #[error("only https addresses are written to")]
    Scheme,
    #[error("leave out the name and password before the host")]
    Credentials,
    #[error("this port is not written to; use 443, or one from 1024 on that is not a database's")]
    Port,
    #[error("the host is not on the public internet; `outbound.allow` in the settings names those that may be inside")]
    Inside,
}

impl AllowList {
    /// Reads the words of the settings: host names, addresses, networks.
    pub fn parse(words: &[String]) -> Result<AllowList, String> {
        let mut list = AllowList::default();
        for word in words {
            let (address, bits) = match word.split_once('/') {
                Some((address, bits)) => (address, Some(bits)),
                None => (word.as_str(), None),
            };
            match (address.parse::<IpAddr>(), bits) {
                (Ok(address), bits) => {
                    let most = if address.is_ipv4() { 32 } else { 128 };
                    let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| ()));
                    match bits {
                        Ok(bits) if bits <= most => list.networks.push((address, bits)),
                        _ => return Err(format!("`{word}` is no network; write 10.20.0.0/16")),
                    }
                }
                (Err(_), None) if !word.is_empty() => list.hosts.push(plain_name(word)),
                _ => {
                    return Err(format!(
                        "`{word}` is no host and no network; write hooks.acme.example or 10.20.0.0/16"
                    ));
                }
            }
        }
        Ok(list)
    }

    pub fn has_host(&self, name: &str) -> bool {
        self.hosts.contains(&plain_name(name))
    }

    pub fn has_address(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|(network, bits)| is_within(address, *network, *bits))
    }

    /// Whether a connection to the address may be made.
    pub fn admits(&self, address: IpAddr) -> bool {
        is_public(address) || self.has_address(address)
    }
}

fn plain_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

/// The address as it will be connected to, if it may be written to as far as can be said before its name is looked up.
pub fn check(text: &str, allowed: &AllowList) -> Result<Url, Refused> {
    if text.chars().count() > MOST_LETTERS {
        return Err(Refused::TooLong);
    }
    // Reading an address drops line ends and turns backslashes; what is checked must be what was given.
    if text.chars().any(|letter| letter.is_control() || letter.is_whitespace() || letter == '\\') {
        return Err(Refused::NoAddress);
    }
    let url = Url::parse(text).map_err(|_| Refused::NoAddress)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials);
    }
    let is_ours = match url.host().ok_or(Refused::NoAddress)? {
        Host::Ipv4(address) => check_literal(address.into(), allowed)?,
        Host::Ipv6(address) => check_literal(address.into(), allowed)?,
        Host::Domain(name) if allowed.has_host(name) => true,
        Host::Domain(name) if leads_inside(&plain_name(name)) => return Err(Refused::Inside),
        Host::Domain(_) => false,
    };
    if !is_ours && url.scheme() != "https" {
        return Err(Refused::Scheme);
    }
    let port = url.port_or_known_default().ok_or(Refused::Port)?;
    let is_usual = matches!(port, 80 | 443) || port >= 1024 && !REFUSED_PORTS.contains(&port);
    if is_ours || is_usual { Ok(url) } else { Err(Refused::Port) }
}

/// Whether the settings name the address; refused when neither they do nor it is public.
fn check_literal(address: IpAddr, allowed: &AllowList) -> Result<bool, Refused> {
    if allowed.has_address(address) {
        return Ok(true);
    }
    if is_public(address) { Ok(false) } else { Err(Refused::Inside) }
}

fn leads_inside(name: &str) -> bool {
    // A name of one word is looked up in our own domain.
    !name.contains('.') || INSIDE_NAMES.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
}

/// Whether an address belongs to the public internet (IANA's registries of special-purpose addresses, and the
/// addresses at which providers of machines answer).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    const SPECIAL: [(Ipv4Addr, u8); 18] = [
        (Ipv4Addr::new(0, 0, 0, 0), 8),
        (Ipv4Addr::new(10, 0, 0, 0), 8),
        (Ipv4Addr::new(100, 64, 0, 0), 10),
        (Ipv4Addr::new(127, 0, 0, 0), 8),
        (Ipv4Addr::new(168, 63, 129, 16), 32),
        (Ipv4Addr::new(169, 254, 0, 0), 16),
        (Ipv4Addr::new(172, 16, 0, 0), 12),
        (Ipv4Addr::new(192, 0, 0, 0), 24),
        (Ipv4Addr::new(192, 0, 2, 0), 24),
        (Ipv4Addr::new(192, 31, 196, 0), 24),
        (Ipv4Addr::new(192, 52, 193, 0), 24),
        (Ipv4Addr::new(192, 88, 99, 0), 24),
        (Ipv4Addr::new(192, 168, 0, 0), 16),
        (Ipv4Addr::new(192, 175, 48, 0), 24),
        (Ipv4Addr::new(198, 18, 0, 0), 15),
        (Ipv4Addr::new(198, 51, 100, 0), 24),
        (Ipv4Addr::new(203, 0, 113, 0), 24),
        // Multicast, reserved, broadcast.
        (Ipv4Addr::new(224, 0, 0, 0), 3),
    ];
    !SPECIAL.iter().any(|(network, bits)| is_within(address.into(), (*network).into(), *bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    const GLOBAL: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
    // Of the global ones: protocol assignments with Teredo, documentation, 6to4, documentation again. Addresses that
    // hold another one (mapped, NAT64) lie outside the global ones.
    const SPECIAL: [(Ipv6Addr, u8); 4] = [
        (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
        (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
        (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    ];
    let is_in = |(network, bits): &(Ipv6Addr, u8)| is_within(address.into(), (*network).into(), *bits);
    is_in(&GLOBAL) && !SPECIAL.iter().any(is_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowing(words: &[&str]) -> AllowList {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        AllowList::parse(&words).expect("a list")
    }

    #[test]
    fn only_public_addresses_are_written_to() {
        let check = |text: &str, expected: Result<(), Refused>| {
            assert_eq!(check(text, &AllowList::default()).map(drop), expected, "{text}");
        };
        for good in [
            "https://hooks.acme.example/baton?x=1",
            "https://hooks.acme.example:8443/",
            "https://93.184.216.34/",
            "https://[2606:2800:220:1:248:1893:25c8:1946]/",
            "https://xn--bcher-kva.example/",
            "https://172.15.0.1/",
            "https://172.32.0.1/",
            "https://100.63.255.255/",
        ] {
            check(good, Ok(()));
        }
        check("http://hooks.acme.example/", Err(Refused::Scheme));
        check("file:///etc/passwd", Err(Refused::Scheme));
        check("https://good@93.184.216.34/", Err(Refused::Credentials));
        check("https://hooks.acme.example:22/", Err(Refused::Port));
        check("https://hooks.acme.example:6379/", Err(Refused::Port));
        check("https://redis/", Err(Refused::Inside));
        check("https://a.localhost./", Err(Refused::Inside));
        check("https://metadata.google.internal/", Err(Refused::Inside));
        check("https://hooks.acme.example/\r\nHost: x", Err(Refused::NoAddress));
        check("/baton", Err(Refused::NoAddress));
        check("", Err(Refused::NoAddress));
    }

    #[test]
    fn the_settings_open_what_they_name() {
        let list = allowing(&["hooks.inside", "10.20.0.0/16", "127.0.0.1", "fd00::/8"]);
        let check = |text: &str, expected: bool| assert_eq!(check(text, &list).is_ok(), expected, "{text}");
        check("http://hooks.inside:25/", true);
        check("https://HOOKS.inside./", true);
        check("https://other.inside/", true);
        check("http://other.inside/", false);
        check("http://10.20.255.1/", true);
        check("http://10.21.0.1/", false);
        check("http://127.0.0.1:8080/", true);
        check("http://127.0.0.2:8080/", false);
        check("http://[fd00::1]/", true);
        check("http://[fe80::1]/", false);
        for wrong in ["10.0.0.0/33", "10.0.0.0/x", "", "hooks/24"] {
            assert!(AllowList::parse(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
