"""Devices and SIM cards. Numbers are the specifications' own examples, or invented with their check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.selectors import device
from abhaya.selectors.normal import WHY_PLACEHOLDER


@pytest.mark.parametrize(
    ("raw", "device_type"),
    [
        ("490154203237518", "IMEI"), ("49-015420-323751-8", "imei number"), ("490154 203237 518", "IMEI1"),
        ("IMEI: 490154203237518", ""), ("imei:490154203237518", "IMEI"), ("49015420323751", "IMEI"),
        ("4901542032375101", "IMEISV"), ("४९०१५४२०३२३७५१८", "IMEI"),
    ],
)  # fmt: skip
def test_one_imei_written_in_many_ways(raw: str, device_type: str) -> None:
    assert device.normalise(raw, device_type=device_type).value == "imei:490154203237518"


@pytest.mark.parametrize(
    ("raw", "device_type", "why_not"),
    [
        ("490154203237519", "IMEI", device.WHY_IMEI_CHECK),
        ("49015420323", "IMEI", device.WHY_IMEI_LENGTH),
        ("49015420323751x", "IMEI", device.WHY_IMEI_LENGTH),
        ("8991000912345678903", "ICCID", device.WHY_ICCID_CHECK),
        ("4711", "ICCID", device.WHY_ICCID),
        ("40445", "IMSI", device.WHY_IMSI),
        ("00:1a:2b", "MAC", device.WHY_MAC),
        ("Home WiFi", "SSID", device.WHY_NETWORK),
        ("000000000000000", "IMEI", WHY_PLACEHOLDER),
        ("012345678912345", "IMEI", WHY_PLACEHOLDER),
        ("00:00:00:00:00:00", "MAC", WHY_PLACEHOLDER),
        ("02:00:00:00:00:00", "MAC", WHY_PLACEHOLDER),
        ("00000000-0000-0000-0000-000000000000", "IDFA", WHY_PLACEHOLDER),
        ("9774d56d682e549c", "Android ID", WHY_PLACEHOLDER),
        ("unknown", "", WHY_PLACEHOLDER),
    ],
)
def test_what_names_no_device_is_refused_with_its_reason(raw: str, device_type: str, why_not: str) -> None:
    assert device.normalise(raw, device_type=device_type) == (None, why_not, (), False)


@pytest.mark.parametrize(
    ("raw", "device_type", "value"),
    [
        ("00-1A-2B-3C-4D-5E", "MAC Address", "mac:00:1a:2b:3c:4d:5e"),
        ("001a.2b3c.4d5e", "Wi-Fi MAC", "mac:00:1a:2b:3c:4d:5e"),
        ("{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}", "IDFA", "idfa:6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("A1B2C3D4E5F60718", "android_id", "android:a1b2c3d4e5f60718"),
        ("404450123456789", "IMSI", "imsi:404450123456789"),
        ("SerialCase-42", "Serial Number", "serial:SerialCase-42"),
        ("Abc-42x", "", "device:Abc-42x"),
        ("Abc-42x", "Device ID", "device:Abc-42x"),
        ("Abc-42x", "Console Tag", "consoletag:Abc-42x"),
    ],
)
def test_other_devices(raw: str, device_type: str, value: str) -> None:
    assert device.normalise(raw, device_type=device_type).value == value


def test_a_made_up_mac_is_never_strong() -> None:
    normal = device.normalise("02:1A:2B:3C:4D:5E", device_type="MAC")
    assert normal.assumed
    assert normal.notes == (device.NOTE_MADE_UP,)


def test_a_type_we_do_not_know_is_said_so() -> None:
    assert device.normalise("Abc-42x", device_type="Console Tag").notes == (device.NOTE_TYPE + "consoletag",)


@given(st.text(alphabet="0123456789", min_size=1, max_size=20), st.integers(0, 19), st.integers(1, 9))
def test_the_check_digit_sees_every_single_wrong_digit(body: str, place: int, shift: int) -> None:
    number = body + device.luhn_digit(body)
    assert device.luhn_holds(number)
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not device.luhn_holds(wrong)
