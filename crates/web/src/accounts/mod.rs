//! Signing in and out, and the people who may.

pub mod first_start;
pub mod link;
pub mod one_time;
pub mod people;
pub mod person;
pub mod sessions;
pub mod sign_in;

use crate::shared::form::{Form, Mistakes};
use crate::shared::password;

/// A new password, entered twice so that a slip of the finger locks nobody out. `about_them` is what it
/// must not be.
fn new_password(form: &Form, mistakes: &mut Mistakes, about_them: &[&str]) -> String {
    let chosen = form.exact("password");
    if let Some(says) = password::refuse(chosen, about_them) {
        mistakes.add("password", says);
    } else if form.exact("password_again") != chosen {
        mistakes.add(
            "password_again",
            "The two passwords are not the same. Enter the same one twice",
        );
    }
    chosen.to_owned()
}
