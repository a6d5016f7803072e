//! Known answers: the vectors of the RFCs through our own wrappers.

use super::*;

fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn key(text: &str) -> Secret {
    Secret::take(bytes(text)).unwrap()
}

/// RFC 8452, appendix C.2 (AEAD_AES_256_GCM_SIV): plaintext, additional data, result.
const RFC_8452: &[(&str, &str, &str)] = &[
    ("", "", "07f5f4169bbf55a8400cd47ea6fd400f"),
    ("0100000000000000", "", "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"),
    ("010000000000000000000000", "", "9aab2aeb3faa0a34aea8e2b18ca50da9ae6559e48fd10f6e5c9ca17e"),
    ("01000000000000000000000000000000", "", "85a01b63025ba19b7fd3ddfc033b3e76c9eac6fa700942702e90862383c6c366"),
    ("0200000000000000", "01", "1de22967237a813291213f267e3b452f02d01ae33e4ec854"),
    ("02000000000000000000000000000000", "01", "c91545823cc24f17dbb0e9e807d5ec17b292d28ff61189e8e49f3875ef91aff7"),
    (
        "0200000000000000000000000000000003000000000000000000000000000000",
        "01",
        "07dad364bfc2b9da89116d7bef6daaaf6f255510aa654f920ac81b94e8bad365aea1bad12702e1965604374aab96dbbc",
    ),
];

#[test]
fn encryption_gives_the_answers_of_rfc_8452() {
    let key = key("0100000000000000000000000000000000000000000000000000000000000000");
    let nonce = unhex("030000000000000000000000").unwrap();
    for (plain, header, sealed) in RFC_8452 {
        let (plain, header) = (bytes(plain), bytes(header));
        assert_eq!(hex(&key.seal(&nonce, &header, &plain)), *sealed);
        assert_eq!(key.open(&nonce, &header, &bytes(sealed)), Some(plain));
    }
}

#[test]
fn nothing_opens_when_one_bit_is_another() {
    let (secret, nonce) = (Secret::from_bytes([7; 32]), [9; NONCE]);
    let sealed = secret.seal(&nonce, b"header", b"what was typed");
    assert_eq!(sealed.len(), 14 + TAG);
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(secret.open(&nonce, b"header", &changed), None, "bit {bit}");
    }
    assert_eq!(secret.open(&nonce, b"Header", &sealed), None);
    assert_eq!(secret.open(&[8; NONCE], b"header", &sealed), None);
    assert_eq!(Secret::from_bytes([6; 32]).open(&nonce, b"header", &sealed), None);
    assert_eq!(secret.open(&nonce, b"header", &[]), None);
}

/// RFC 5869, test cases 1 and 3: the second half of HKDF, which is what [`Secret::derive`] uses.
#[test]
fn derivation_gives_the_answers_of_rfc_5869() {
    let prk = key("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
    let expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d";
    assert_eq!(hex(prk.derive("").as_bytes()), expected);
    let hkdf =
        Hkdf::<Sha256>::from_prk(&bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")).unwrap();
    let mut out = [0; 42];
    hkdf.expand(&bytes("f0f1f2f3f4f5f6f7f8f9"), &mut out).unwrap();
    assert_eq!(hex(&out), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    assert_ne!(prk.derive("a").as_bytes(), prk.derive("b").as_bytes());
}

/// RFC 4231, test cases 1 and 2, which fix HMAC-SHA256 itself; ours adds the length of each part.
#[test]
fn macs_give_the_answers_of_rfc_4231() {
    let plain = |key: &[u8], message: &[u8]| {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).unwrap();
        mac.update(message);
        let out: [u8; 32] = mac.finalize().into_bytes().into();
        hex(&out)
    };
    assert_eq!(plain(&[0x0b; 20], b"Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_eq!(
        plain(b"Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    let secret = Secret::from_bytes([0x0b; 32]);
    let framed = [&8_u64.to_be_bytes()[..], b"Hi There"].concat();
    assert_eq!(hex(&secret.mac(&[b"Hi There"])), plain(&[0x0b; 32], &framed));
    assert_ne!(secret.mac(&[b"ab", b"c"]), secret.mac(&[b"a", b"bc"]));
}

#[test]
fn hexadecimal_reads_back_and_nothing_else_is_read() {
    assert_eq!(hex(&[0, 0x1f, 0xff]), "001fff");
    assert_eq!(unhex("001fff"), Some([0, 0x1f, 0xff]));
    for bad in ["", "001ff", "001fff0", "001ffg", "é01fff", "+01fff"] {
        assert_eq!(unhex::<3>(bad), None, "{bad:?}");
    }
}

#[test]
fn a_secret_is_never_printed() {
    assert_eq!(format!("{:?}", Secret::from_bytes([65; 32])), "Secret(…)");
    assert_ne!(Secret::random().unwrap().as_bytes(), Secret::random().unwrap().as_bytes());
}
