"""XXH3-128 of some bytes, by which a record of the log is known, for the lengths that its maker needs."""
import struct

PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63)
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364")


def u64(value):
    return value & (1 << 64) - 1


def mix_16_bytes(data, at, secret):
    low, high = struct.unpack_from("<QQ", data, at)
    of_low, of_high = struct.unpack_from("<QQ", SECRET, secret)
    product = (low ^ of_low) * (high ^ of_high)
    return u64(product) ^ product >> 64


def sum_of_16_bytes(data, at):
    return u64(sum(struct.unpack_from("<QQ", data, at)))


def avalanche(value):
    value = u64((value ^ value >> 37) * 0x165667919E3779F9)
    return value ^ value >> 32


def xxh3_128(data):
    """Low and high half, without a seed."""
    size = len(data)
    assert 16 < size <= 128, size
    low, high = u64(size * PRIMES[0]), 0
    for step in reversed(range((size - 1) // 32 + 1)):
        front, back, secret = 16 * step, size - 16 * step - 16, 32 * step
        low = u64(low + mix_16_bytes(data, front, secret)) ^ sum_of_16_bytes(data, back)
        high = u64(high + mix_16_bytes(data, back, secret + 16)) ^ sum_of_16_bytes(data, front)
    mixed = u64(low * PRIMES[0] + high * PRIMES[3] + size * PRIMES[1])
    return avalanche(u64(low + high)), u64(-avalanche(mixed))
