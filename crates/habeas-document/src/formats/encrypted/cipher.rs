//! How are blocks of AES decrypted?

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockSizeUser, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};

pub(super) const BLOCK_BYTES: usize = 16;

/// Decrypts whole blocks that are chained; `None` if key, start or bytes have no length that fits.
pub(super) fn cbc(key: &[u8], start: &[u8], bytes: &mut [u8]) -> Option<()> {
    match key.len() {
        16 => chained::<cbc::Decryptor<Aes128>>(key, start, bytes),
        24 => chained::<cbc::Decryptor<Aes192>>(key, start, bytes),
        32 => chained::<cbc::Decryptor<Aes256>>(key, start, bytes),
        _ => None,
    }
}

fn chained<D: KeyIvInit + BlockModeDecrypt>(
    key: &[u8],
    start: &[u8],
    bytes: &mut [u8],
) -> Option<()> {
    let decryptor = D::new_from_slices(key, start).ok()?;
    decryptor.decrypt_padded::<NoPadding>(bytes).ok()?;
    Some(())
}

/// Decrypts whole blocks one by one; `None` if key or bytes have no length that fits.
pub(super) fn ecb(key: &[u8], bytes: &mut [u8]) -> Option<()> {
    match key.len() {
        16 => alone::<Aes128>(key, bytes),
        24 => alone::<Aes192>(key, bytes),
        32 => alone::<Aes256>(key, bytes),
        _ => None,
    }
}

fn alone<C>(key: &[u8], bytes: &mut [u8]) -> Option<()>
where
    C: KeyInit + BlockCipherDecrypt + BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
{
    let cipher = C::new_from_slice(key).ok()?;
    let (blocks, rest) = bytes.as_chunks_mut::<BLOCK_BYTES>();
    for block in blocks {
        cipher.decrypt_block(block.into());
    }
    rest.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FIPS 197, appendix C.
    #[test]
    fn blocks_are_decrypted_with_keys_of_each_length() {
        let plain: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        for (n_key, sealed) in [
            (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
            (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
            (32, "8ea2b7ca516745bfeafc49904b496089"),
        ] {
            let key: Vec<u8> = (0..n_key).collect();
            let sealed: Vec<u8> = (0..16)
                .map(|n| u8::from_str_radix(&sealed[2 * n..2 * n + 2], 16).unwrap())
                .collect();
            let mut alone = sealed.clone();
            assert_eq!(ecb(&key, &mut alone), Some(()));
            assert_eq!(alone, plain);
            let mut chained = sealed.clone();
            assert_eq!(cbc(&key, &[0; 16], &mut chained), Some(()));
            assert_eq!(chained, plain);
        }
        assert_eq!(ecb(&[0; 5], &mut [0; 16]), None);
        assert_eq!(ecb(&[0; 16], &mut [0; 15]), None);
        assert_eq!(cbc(&[0; 16], &[0; 15], &mut [0; 16]), None);
        assert_eq!(cbc(&[0; 16], &[0; 16], &mut [0; 17]), None);
    }
}
