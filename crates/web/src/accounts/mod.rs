//! Signing in and out, and the people who may.

pub mod changes;
pub mod confirm;
pub mod first_start;
pub mod force;
pub mod link;
pub mod one_time;
pub mod own;
pub mod own_password;
pub mod passkey;
pub mod passkeys;
pub mod people;
pub mod person;
pub mod sessions;
pub mod sign_in;
pub mod stay;
mod unit;

use store::{User, UserId};

use crate::routes;
use crate::shared::access::Role;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::page::Problem;
use crate::shared::password;

/// The role of an account that has none yet. No role has this word, so such an account opens nothing.
pub const NO_ROLE: &str = "none-yet";
/// The unit of an account whose unit nobody has said yet.
pub const NO_UNIT: &str = "Not known yet";

/// Whether an account can be signed in to at all: active, and with a role.
fn may_enter(user: &User) -> bool {
    !user.disabled && user.role.parse::<Role>().is_ok()
}

/// A role of the store in words.
fn role_words(word: &str) -> String {
    word.parse::<Role>().map_or_else(|_| "no role yet".to_owned(), |role| role.says().to_owned())
}

/// Whether somebody gets in with the force's own accounts.
async fn comes_by_force(app: &App, user: &UserId) -> Result<bool, Problem> {
    let Some(force) = &app.force else {
        return Ok(false);
    };
    let tied = app.store.identities_of(user).await?;
    Ok(tied.iter().any(|one| one.issuer == force.issuer()))
}

/// Nobody gets in with a password where the settings say so, also not with a form that was open before.
fn refuse_passwords(app: &App) -> Result<(), Problem> {
    if app.takes_passwords() {
        return Ok(());
    }
    Err(Problem::NotAllowed(
        "Passwords are switched off here. Use a passkey, or your force account where there is that.".to_owned(),
    ))
}

/// A new password, entered twice so that a slip of the finger locks nobody out. `about_them` is what it
/// must not be.
fn new_password(form: &Form, mistakes: &mut Mistakes, about_them: &[&str]) -> String {
    let chosen = form.exact("password");
    if let Some(says) = password::refuse(chosen, about_them) {
        mistakes.add("password", says);
    } else if form.exact("password_again") != chosen {
        mistakes.add("password_again", "The two passwords are not the same. Enter the same one twice");
    }
    chosen.to_owned()
}

/// A new password that was stolen elsewhere is somebody else's first guess.
async fn refuse_stolen(app: &App, chosen: &str, mistakes: &mut Mistakes) -> Result<(), Problem> {
    if mistakes.none() && app.stolen.has(chosen).await.map_err(Problem::internal)? {
        mistakes.add(
            "password",
            "This password is in a list of passwords that were stolen elsewhere, so it is soon guessed. Choose three or four words of your own",
        );
    }
    Ok(())
}

/// A path of ours to go on to; the first page for anything that could lead elsewhere.
fn local(next: &str) -> String {
    let ours = next.starts_with('/') && !next.starts_with("//") && next.len() <= 500;
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if ours && plain { next.to_owned() } else { routes::HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (next, to) in [
            ("/reports/R1?part=2", "/reports/R1?part=2"),
            ("", "/"),
            ("//example.org", "/"),
            ("/\\example.org", "/"),
            ("https://example.org", "/"),
            ("/a\nb", "/"),
            ("javascript:alert(1)", "/"),
        ] {
            assert_eq!(local(next), to, "{next}");
        }
    }
}
