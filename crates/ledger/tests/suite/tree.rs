//! The tree against the published vectors for RFC 6962, against another crate, and against change.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use ledger::{Frontier, Hash, consistency_proof, inclusion_proof, leaf_hash, verify_consistency, verify_inclusion};
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::Sha256;

use crate::memory::{Log, hex, unhex};

/// The eight entries of the vectors that implementations of RFC 6962 share.
const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Entry, size, proof.
const INCLUSION: [(u64, u64, &[&str]); 4] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
];

/// Old size, new size, proof.
const CONSISTENCY: [(u64, u64, &[&str]); 3] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

#[test]
fn the_published_vectors_come_out() {
    let log = Log::of(&ENTRIES.map(unhex));
    let roots: Vec<String> = log.roots.iter().map(|root| hex(root.as_bytes())).collect();
    assert_eq!(roots, ROOTS);
    let hashes = |proof: Vec<Hash>| -> Vec<String> { proof.iter().map(|hash| hex(hash.as_bytes())).collect() };
    for (index, size, expected) in INCLUSION {
        let proof = inclusion_proof(&log, index, size).unwrap();
        assert_eq!(hashes(proof), expected, "entry {index} of {size}");
    }
    for (old, new, expected) in CONSISTENCY {
        let proof = consistency_proof(&log, old, new).unwrap();
        assert_eq!(hashes(proof), expected, "{old} to {new}");
    }
}

#[test]
fn every_pair_of_sizes_is_proved_and_only_with_its_own_proof() {
    let entries: Vec<Vec<u8>> = (0..40_u8).map(|n| vec![n]).collect();
    let log = Log::of(&entries);
    let root = |size: u64| log.roots[size as usize];
    for new in 0..=40 {
        for old in 0..=new {
            let proof = consistency_proof(&log, old, new).unwrap();
            verify_consistency(old, root(old), new, root(new), &proof).unwrap();
            for (other, wrong) in (0..=new).filter(|other| *other != old).map(|o| (o, root(o))) {
                let taken = verify_consistency(other, wrong, new, root(new), &proof);
                // Nothing has to be shown of an empty log, so its empty proof fits others like it.
                assert!(taken.is_err() || proof.is_empty(), "{other} for {old} to {new}");
            }
        }
        for index in 0..new {
            let proof = inclusion_proof(&log, index, new).unwrap();
            let leaf = leaf_hash(&entries[index as usize]);
            verify_inclusion(leaf, index, new, &proof, root(new)).unwrap();
            for other in (0..new).filter(|other| *other != index) {
                assert!(verify_inclusion(leaf, other, new, &proof, root(new)).is_err());
            }
        }
        assert!(inclusion_proof(&log, new, new).is_err());
    }
    assert!(consistency_proof(&log, 41, 40).is_err());
    assert!(inclusion_proof(&log, 3, 41).is_err(), "a node beyond the end");
}

#[test]
fn a_frontier_is_restored_from_nodes_at_any_size() {
    let entries: Vec<Vec<u8>> = (0..70_u8).map(|n| vec![n; 3]).collect();
    let whole = Log::of(&entries);
    let mut grown = Frontier::new();
    for (size, entry) in entries.iter().enumerate() {
        let restored = Frontier::restore(size as u64, &whole).unwrap();
        assert_eq!(restored, grown);
        assert_eq!(restored.root(), whole.roots[size]);
        grown.append(leaf_hash(entry));
    }
    assert!(Frontier::restore(71, &whole).is_err());
}

fn entries() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..40), 1..200)
}

fn flat(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

fn theirs(root: Hash, size: u64) -> RootHash<Sha256> {
    RootHash::new((*root.as_bytes()).into(), size)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Another implementation builds the same roots and proofs and takes ours.
    #[test]
    fn another_crate_agrees(entries in entries(), one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()) {
        let log = Log::of(&entries);
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        entries.iter().for_each(|entry| tree.push(entry.clone()));
        let size = log.size();
        prop_assert_eq!(tree.root().as_bytes().to_vec(), log.frontier.root().as_bytes().to_vec());

        let index = one.index(entries.len());
        let proof = inclusion_proof(&log, index as u64, size).unwrap();
        prop_assert_eq!(tree.prove_inclusion(index).as_bytes().to_vec(), flat(&proof));
        let taken = InclusionProof::<Sha256>::try_from_bytes(flat(&proof)).unwrap();
        theirs(log.frontier.root(), size).verify_inclusion(&entries[index], index as u64, &taken).unwrap();

        let old = two.index(entries.len()) as u64 + 1;
        let proof = consistency_proof(&log, old, size).unwrap();
        prop_assert_eq!(tree.prove_consistency((size - old) as usize).as_bytes().to_vec(), flat(&proof));
        let taken = ConsistencyProof::<Sha256>::try_from_bytes(flat(&proof)).unwrap();
        theirs(log.frontier.root(), size).verify_consistency(&theirs(log.roots[old as usize], old), &taken).unwrap();
        verify_consistency(old, log.roots[old as usize], size, log.frontier.root(), &proof).unwrap();
    }

    /// A proof with one bit changed, one hash more or one less shows nothing.
    #[test]
    fn a_changed_proof_is_refused(
        entries in vec(vec(any::<u8>(), 0..8), 2..80),
        at in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
        bit in 0..256_usize,
        place in any::<prop::sample::Index>(),
    ) {
        let log = Log::of(&entries);
        let (size, root) = (log.size(), log.frontier.root());
        let index = at.index(entries.len()) as u64;
        let leaf = leaf_hash(&entries[index as usize]);
        let old = old.index(entries.len() - 1) as u64 + 1;
        let before = log.roots[old as usize];
        let inclusion = inclusion_proof(&log, index, size).unwrap();
        let consistency = consistency_proof(&log, old, size).unwrap();
        for changed in changes(&inclusion, bit, &place) {
            prop_assert!(verify_inclusion(leaf, index, size, &changed, root).is_err());
        }
        for changed in changes(&consistency, bit, &place) {
            prop_assert!(verify_consistency(old, before, size, root, &changed).is_err());
        }
        let mut other = *root.as_bytes();
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_inclusion(leaf, index, size, &inclusion, Hash::new(other)).is_err());
        prop_assert!(verify_consistency(old, before, size, Hash::new(other), &consistency).is_err());
    }
}

fn changes(proof: &[Hash], bit: usize, place: &prop::sample::Index) -> Vec<Vec<Hash>> {
    let mut longer = proof.to_vec();
    longer.push(Hash::of_nothing());
    let shorter = proof[..proof.len() - 1].to_vec();
    let mut flipped = proof.to_vec();
    let hash = place.get_mut(&mut flipped);
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    *hash = Hash::new(bytes);
    vec![longer, shorter, flipped]
}
