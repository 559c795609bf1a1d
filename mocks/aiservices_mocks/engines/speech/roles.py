"""English words that are spelled alike and spoken differently, by the role that `<w>` gives them."""

from __future__ import annotations

_VERB, _PAST, _NOUN, _QUALITY, _OTHER = "amazon:VB", "amazon:VBD", "amazon:NN", "amazon:JJ", "amazon:SENSE_1"

_SPOKEN = {
    "read": {_VERB: "ɹiːd", _PAST: "ɹɛd"},
    "lead": {_VERB: "liːd", _NOUN: "lɛd", _OTHER: "lɛd"},
    "live": {_VERB: "lɪv", _QUALITY: "laɪv"},
    "use": {_VERB: "juːz", _NOUN: "juːs"},
    "close": {_VERB: "kloʊz", _QUALITY: "kloʊs"},
    "wind": {_VERB: "waɪnd", _NOUN: "wɪnd", _OTHER: "waɪnd"},
    "tear": {_VERB: "tɛɹ", _NOUN: "tɪɹ", _OTHER: "tɛɹ"},
    "bass": {"amazon:DEFAULT": "beɪs", _OTHER: "bæs"},
    "bow": {"amazon:DEFAULT": "boʊ", _VERB: "baʊ", _OTHER: "baʊ"},
    "row": {"amazon:DEFAULT": "ɹoʊ", _OTHER: "ɹaʊ"},
    "sow": {_VERB: "soʊ", _NOUN: "saʊ"},
    "wound": {_NOUN: "wuːnd", _PAST: "waʊnd"},
    "house": {_VERB: "haʊz", _NOUN: "haʊs"},
    "excuse": {_VERB: "ɪkˈskjuːz", _NOUN: "ɪkˈskjuːs"},
    "abuse": {_VERB: "əˈbjuːz", _NOUN: "əˈbjuːs"},
    "record": {_VERB: "ɹɪˈkɔːɹd", _NOUN: "ˈɹɛkəɹd"},
    "present": {_VERB: "pɹɪˈzɛnt", _NOUN: "ˈpɹɛzənt", _QUALITY: "ˈpɹɛzənt"},
    "object": {_VERB: "əbˈdʒɛkt", _NOUN: "ˈɑːbdʒɛkt"},
    "content": {_NOUN: "ˈkɑːntɛnt", _QUALITY: "kənˈtɛnt"},
    "desert": {_VERB: "dɪˈzɜːɹt", _NOUN: "ˈdɛzəɹt"},
    "minute": {_NOUN: "ˈmɪnɪt", _QUALITY: "maɪˈnuːt"},
    "separate": {_VERB: "ˈsɛpəɹeɪt", _QUALITY: "ˈsɛpɹɪt"},
    "perfect": {_VERB: "pəɹˈfɛkt", _QUALITY: "ˈpɜːɹfɪkt"},
    "produce": {_VERB: "pɹəˈduːs", _NOUN: "ˈpɹoʊduːs"},
}


def pronounced(word: str, role: str) -> str:
    """A word's pronunciation in IPA in a role; empty where it has none of its own."""
    return _SPOKEN.get(word.strip().casefold(), {}).get(role, "")
