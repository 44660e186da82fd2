//! The name of a user in a path to a folder of that user.

/// Folders at the root of a disk or share behind which the name of a user stands, in lower case with `/`.
const HOMES: [&str; 7] =
    ["users/", "documents and settings/", "docume~1/", "home/", "usersdata/", "usuarios/", "utilisateurs/"];

/// Accounts that name nobody: they come with a system, or belong to services that build for many.
const NOBODY: [&str; 29] = [
    "admin",
    "administrator",
    "all users",
    "appveyor",
    "build",
    "buildbot",
    "builder",
    "circleci",
    "containeradministrator",
    "default",
    "default user",
    "defaultuser0",
    "distiller",
    "gitlab-runner",
    "jenkins",
    "localservice",
    "networkservice",
    "public",
    "root",
    "runner",
    "runneradmin",
    "shared",
    "travis",
    "user",
    "username",
    "vagrant",
    "vssadministrator",
    "vsts",
    "workspace",
];

/// Returns the name of the user, as written, if the path leads into a folder of one.
pub(crate) fn user_of_path(path: &str) -> Option<&str> {
    account_of_path(path).and_then(|(name, is_nobody)| (!is_nobody).then_some(name))
}

/// Returns the name of the account in whose folder a path lies, and whether the account is of no person.
pub(crate) fn account_of_path(path: &str) -> Option<(&str, bool)> {
    let folders = below_root(path)?;
    let name = HOMES.iter().find_map(|home| {
        let (start, rest) = folders.split_at_checked(home.len())?;
        let is_home = start.chars().zip(home.chars()).all(|(one, other)| is_same(one, other));
        // A path that ends in the folder of homes names a file there.
        is_home.then(|| rest.split(is_separator).next().filter(|name| name.len() < rest.len())).flatten()
    })?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name, NOBODY.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()))
}

/// The path behind `C:\`, `/`, `\\server\`, `file:///C:/`, or behind the name of a disk of a Macintosh.
fn below_root(path: &str) -> Option<&str> {
    let path = path.strip_prefix("file:").unwrap_or(path);
    let rooted = path.trim_start_matches(is_slash);
    match rooted.split_once(is_separator) {
        Some((disk, rest)) if disk.len() == 1 || path.starts_with("\\\\") || !path.starts_with(is_slash) => {
            let is_home = HOMES.iter().any(|home| home.trim_end_matches('/').eq_ignore_ascii_case(disk));
            Some(if is_home { rooted } else { rest.trim_start_matches(is_slash) })
        }
        _ => Some(rooted),
    }
}

fn is_slash(character: char) -> bool {
    matches!(character, '/' | '\\')
}

fn is_separator(character: char) -> bool {
    matches!(character, '/' | '\\' | ':')
}

fn is_same(one: char, other: char) -> bool {
    one.eq_ignore_ascii_case(&other) || (is_separator(one) && other == '/')
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, account_of_path, user_of_path};

    #[test]
    fn users_are_found_in_the_paths_of_every_system() {
        assert_eq!(user_of_path(r"C:\Users\Анна\a.docx"), Some("Анна"));
        assert_eq!(user_of_path(r"C:\Documents and Settings\jan\x"), Some("jan"));
        assert_eq!(user_of_path(&["", "home", "ada", "x"].join("/")), Some("ada"));
        assert_eq!(user_of_path(&["file:///C:", "Users", "ada", "x"].join("/")), Some("ada"));
        assert_eq!(user_of_path(r"\\server\users\ada\x"), Some("ada"));
        assert_eq!(user_of_path("Disk:Users:ada:Desktop:x"), Some("ada"));
    }

    #[test]
    fn accounts_of_services_are_told_apart() {
        assert!(NOBODY.is_sorted());
        assert_eq!(account_of_path(r"c:\users\RunnerAdmin\x\a.pdb"), Some(("RunnerAdmin", true)));
        assert_eq!(account_of_path(r"C:\Users\Anna\src\a.pdb"), Some(("Anna", false)));
        assert_eq!(account_of_path(r"D:\a\_work\1\s\a.pdb"), None);
        assert_eq!(account_of_path(r"C:\Users\a.pdb"), None);
    }

    #[test]
    fn folders_of_nobody_are_no_users() {
        assert_eq!(user_of_path(r"C:\Users\Public\a"), None);
        assert_eq!(user_of_path(r"C:\Program Files\a"), None);
        assert_eq!(user_of_path(&["", "home", "file"].join("/")), None);
        assert_eq!(user_of_path(r"D:\anna\Home\stage\x.doc"), None);
        assert_eq!(user_of_path("ж"), None);
    }
}
