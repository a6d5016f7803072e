//! The settings as a file.

/// Every setting with its default, as a file to start from. A test holds it to the defaults.
pub const DOCUMENTED: &str = r#"# Address and port to listen on.
address = "127.0.0.1:8080"
# What people type: scheme and host, no path. Anything but https is accepted for this machine alone.
public_url = "http://127.0.0.1:8080"
# Shown at the top of every page.
force_name = "Example Constabulary"
# Whom people ask about what is held of them, in one line of up to 200 characters, such as a team with an email address and a number. It is printed on
# copies of somebody's own data and on leaflets. Empty: they are told to ask whoever gave it to them.
data_protection_contact = ""
# A file of passwords that were stolen elsewhere, which nobody may choose: SHA-1 hashes in their order, one a line, as the list of Have I
# Been Pwned that is ordered by hash. It is searched where it lies; nothing is asked of the internet. Empty: none.
stolen_passwords = ""
# true where a reverse proxy stands in front and sets X-Forwarded-For.
behind_proxy = false
# Days that backups are kept, those of the keys too: pages then say when nothing that was erased is in any. 0: not said.
backups_kept_days = 0

[session]
# Minutes without a page before somebody is signed out: 1 to 60.
idle_minutes = 15
# Hours after signing in when the session ends, used or not: 1 to 24.
absolute_hours = 12
# Hours that a link to sign in or to choose a password works: 1 to 168.
link_hours = 24

[sign_in]
# false: nobody gets in with a password, only with a passkey or with the force's own accounts. Links that supervisors make are then
# for adding a passkey. Let everybody add one first: whoever has none needs such a link.
passwords = true
# Failures for one account before it has to wait: 1 to 100.
failures_per_account = 5
# Failures from one address before it has to wait: 1 to 10000. A station shares one address.
failures_per_address = 50
# Minutes that failures count for: 1 to 1440.
window_minutes = 15
# Passwords checked at the same time, 19 MiB of memory and one processor each: 1 to 64. Fewer than there are
# processors, or a flood of sign-ins slows everybody's pages.
concurrent_checks = 1

[requests]
# Pages an account may ask for in a minute: 10 to 100000.
per_account = 300
# Pages asked for from one address in a minute by whoever is not signed in: 10 to 100000.
per_address = 1200

[oidc]
# Signing in with the accounts that the force has already (OpenID Connect). Register at the provider the address
# public_url/sign-in/force/back for coming back and public_url/sign-in for having signed out.
# Address of the provider, https. Empty: not used.
issuer = ""
# What the provider calls this Waymark.
client_id = ""
# File with the secret that goes with it, readable for one user only; empty for a client without one.
client_secret_file = ""
# What people call it. The button says "Sign in with" and this.
label = "your force account"
# The claim that names the person: its value is the user name here. It counts at somebody's first sign-in;
# afterwards the provider's own id of the person does. "email" counts only when the provider has verified it.
person_claim = "preferred_username"
# What is asked for beside openid.
scopes = ["profile"]
# true: somebody without an account gets one, which can do nothing until a supervisor gives it a role.
make_accounts = false
# The claim that says who may come in, and its values that may. Empty: everybody with an account. A value may
# decide role and unit of accounts that exist:
#   allow_claim = "groups"
#   allow = [{ value = "Waymark officers", role = "officer", unit = "Safeguarding" }, { value = "Waymark audit", role = "auditor" }]
allow_claim = ""
allow = []
"#;
