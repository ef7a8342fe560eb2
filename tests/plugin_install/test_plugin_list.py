"""MuseScore 3's list of plugins: ours goes in and out, everything else stays byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import ReadError
from bridge.plugin.plugin_list import active_plugins, new_list, with_plugins, without_plugins

OURS = [
    "/home/ann & bob/Plugins/jaxmuse/continue_selection.qml",
    "/home/ann & bob/Plugins/jaxmuse/panel.qml",
]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
AS_WRITTEN = (
    HEAD
    + """<museScore version="3.02">
  <Plugin>
    <path>/usr/share/mscore3-3.2/plugins/colornotes.qml</path>
    <load>1</load>
    <SC>
      <key>colornotes</key>
      <seq>Ctrl+Alt+G</seq>
      </SC>
    </Plugin>
  <Plugin>
    <path>/home/ann/Musik &amp; Ähnliches/x.qml</path>
    <load>0</load>
    <version></version>
    <description>Creates &lt;Plugin&gt;s.</description>
    </Plugin>
  </museScore>
"""
)
"""As MuseScore 3.2 indents it."""


def test_others_are_kept_byte_for_byte() -> None:
    before = AS_WRITTEN.encode()
    after = with_plugins(before, OURS)
    assert active_plugins(after) == active_plugins(before) | dict.fromkeys(OURS, True)
    end = before.rindex(b"  </museScore>")
    assert after.startswith(before[:end])
    assert after.endswith(before[end:])
    assert with_plugins(after, OURS) == after
    assert without_plugins(after, OURS) == before


def test_a_new_list_is_one() -> None:
    assert active_plugins(new_list(OURS)) == dict.fromkeys(OURS, True)
    assert with_plugins(new_list(OURS[:1]), OURS) == new_list(OURS)


@pytest.mark.parametrize(
    "off", ["<load>0</load>", "<load> 0\n</load>", "<load/>", "", "<load>false</load>"]
)
def test_an_item_that_was_switched_off_is_switched_on_with_its_shortcut(off: str) -> None:
    path = OURS[1].replace("&", "&amp;")
    entry = f"<Plugin>{off}<path>{path}</path><SC><key>k</key><seq>F9</seq></SC></Plugin>"
    before = AS_WRITTEN.replace("  </museScore>", entry + "  </museScore>").encode()
    after = with_plugins(before, OURS)
    assert active_plugins(after)[OURS[1]]
    assert after.count(b"panel.qml") == 1
    assert b"<seq>F9</seq>" in after


def test_what_musescore_rewrote_is_removed_too() -> None:
    rewritten = AS_WRITTEN.replace("colornotes.qml", "jaxmuse/panel.qml")
    left = without_plugins(rewritten.encode(), ["/usr/share/mscore3-3.2/plugins/jaxmuse/panel.qml"])
    assert list(active_plugins(left)) == ["/home/ann/Musik & Ähnliches/x.qml"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is damaged"),
        (b"<museScore>", "it is damaged"),
        (b"\xff\xfe\x00", "it is damaged"),
        (b"<Shortcuts/>", "it isn't a list of plugins that can be added to"),
        (b"<museScore/>", "it isn't a list of plugins that can be added to"),
        ((HEAD.replace("8", "16") + "<museScore>\n</museScore>").encode("utf-16"), "it isn't a list"),
    ],
)
def test_what_is_no_list_is_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ReadError) as error:
        with_plugins(data, OURS)
    assert str(error.value).startswith(sentence)


def test_an_entity_bomb_isnt_unfolded() -> None:
    bomb = (
        b'<!DOCTYPE a [<!ENTITY b "'
        + b"x" * 1000
        + b'">]><museScore><Plugin><path>&b;</path></Plugin></museScore>'
    )
    assert "x" not in "".join(active_plugins(bomb))


names = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12
)
blanks = st.sampled_from(["", " ", "\n", "\r\n", "\t", "\n  ", "  \n    "])


@st.composite
def lists(draw: st.DrawFn) -> bytes:
    """Draw a list of plugins, indented by whim."""
    from xml.sax.saxutils import escape

    text = draw(st.sampled_from(["", HEAD])) + '<museScore version="3.01">' + draw(blanks)
    for number, name in enumerate(draw(st.lists(names, max_size=4))):
        parts = [
            f"<path>/p{number}/{escape(name)}.qml</path>",
            f"<load>{draw(st.sampled_from([0, 1]))}</load>",
            draw(st.sampled_from(["", "<SC><key>k</key></SC>", "<version>1</version>", "<!-- a note -->"])),
        ]
        text += "<Plugin>" + "".join(part + draw(blanks) for part in parts) + "</Plugin>" + draw(blanks)
    return (text + "</museScore>" + draw(st.sampled_from(["", "\n"]))).encode()


@settings(max_examples=200, deadline=None)
@given(lists())
def test_in_and_out_leaves_every_list_as_it_was(before: bytes) -> None:
    after = with_plugins(before, OURS)
    assert active_plugins(after) == active_plugins(before) | dict.fromkeys(OURS, True)
    assert without_plugins(after, OURS) == before
