"""The locales of Lex V2, and the intents and slot types that it has built in.

Sources: "Languages and locales supported by Amazon Lex V2", "Built-in intents" and "Built-in slot types" in the
Amazon Lex V2 Developer Guide, read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Mapping

LOCALES: Mapping[str, str] = {
    "af_ZA": "Afrikaans (South Africa)",
    "ar_AE": "Gulf Arabic (United Arab Emirates)",
    "ar_SA": "Arabic (Saudi Arabia)",
    "bg_BG": "Bulgarian (Bulgaria)",
    "ca_ES": "Catalan (Spain)",
    "cs_CZ": "Czech (Czech Republic)",
    "cy_GB": "Welsh (United Kingdom)",
    "da_DK": "Danish (Denmark)",
    "de_AT": "German (Austria)",
    "de_CH": "German (Switzerland)",
    "de_DE": "German (Germany)",
    "en_AB": "English (Scotland)",
    "en_AU": "English (Australia)",
    "en_GB": "English (UK)",
    "en_IE": "English (Ireland)",
    "en_IN": "English (India)",
    "en_NZ": "English (New Zealand)",
    "en_US": "English (US)",
    "en_WL": "English (Wales)",
    "en_ZA": "English (South Africa)",
    "es_419": "Spanish (Latin America)",
    "es_ES": "Spanish (Spain)",
    "es_MX": "Spanish (Mexico)",
    "es_US": "Spanish (US)",
    "et_ET": "Estonian (Estonia)",
    "fa_IR": "Farsi (Iran)",
    "fi_FI": "Finnish (Finland)",
    "fr_BE": "French (Belgium)",
    "fr_CA": "French (Canada)",
    "fr_FR": "French (France)",
    "he_IL": "Hebrew (Israel)",
    "hi_IN": "Hindi (India)",
    "hr_HR": "Croatian (Croatia)",
    "hu_HU": "Hungarian (Hungary)",
    "id_ID": "Indonesian (Indonesia)",
    "is_IS": "Icelandic (Iceland)",
    "it_IT": "Italian (Italy)",
    "ja_JP": "Japanese (Japan)",
    "km_KH": "Khmer (Cambodia)",
    "ko_KR": "Korean (Korea)",
    "lt_LT": "Lithuanian (Lithuania)",
    "lv_LV": "Latvian (Latvia)",
    "ms_MY": "Malay (Malaysia)",
    "nl_BE": "Dutch (Belgium)",
    "nl_NL": "Dutch (The Netherlands)",
    "no_NO": "Norwegian (Norway)",
    "pl_PL": "Polish (Poland)",
    "pt_BR": "Portuguese (Brazil)",
    "pt_PT": "Portuguese (Portugal)",
    "sv_SE": "Swedish (Sweden)",
    "zh_CN": "Mandarin (PRC)",
    "zh_HK": "Cantonese (Hong Kong)",
}
"""What a locale is called."""

_INTENTS: Mapping[str, str] = {
    "AMAZON.BedrockAgentIntent": "Lets an agent of Amazon Bedrock answer the user.",
    "AMAZON.CancelIntent": "The user wants to cancel the current interaction.",
    "AMAZON.FallbackIntent": "Default intent when no other intent matches",
    "AMAZON.HelpIntent": "The user asks for help with the bot.",
    "AMAZON.KendraSearchIntent": "Searches documents in an Amazon Kendra index.",
    "AMAZON.PauseIntent": "The user wants to pause the interaction.",
    "AMAZON.QinConnectIntent": "Lets Amazon Q in Connect answer the user.",
    "AMAZON.QnAIntent": "Answers questions from a store of documents.",
    "AMAZON.RepeatIntent": "The user wants the previous message again.",
    "AMAZON.ResumeIntent": "The user wants to go on with a paused interaction.",
    "AMAZON.StartOverIntent": "The user wants to start from the beginning.",
    "AMAZON.StopIntent": "The user wants to end the conversation.",
}

_SLOT_TYPES: Mapping[str, str] = {
    "AMAZON.AlphaNumeric": "Recognizes words made up of letters and numbers.",
    "AMAZON.City": "Recognizes words that represent a city.",
    "AMAZON.Confirmation": "Recognizes words that mean yes, no, maybe and don't know.",
    "AMAZON.Country": "Recognizes words that represent a country.",
    "AMAZON.Currency": "Recognizes words that represent an amount of a currency.",
    "AMAZON.Date": "Recognizes words that represent a date.",
    "AMAZON.Duration": "Recognizes words that represent a duration.",
    "AMAZON.EmailAddress": "Recognizes words that represent an email address.",
    "AMAZON.FirstName": "Recognizes words that represent a first name.",
    "AMAZON.FreeFormInput": "Recognizes strings of any words or characters.",
    "AMAZON.LastName": "Recognizes words that represent a last name.",
    "AMAZON.Number": "Recognizes numeric words.",
    "AMAZON.Percentage": "Recognizes words that represent a percentage.",
    "AMAZON.PhoneNumber": "Recognizes words that represent a phone number.",
    "AMAZON.State": "Recognizes words that represent a state.",
    "AMAZON.StreetName": "Recognizes words that represent a street name.",
    "AMAZON.Time": "Recognizes words that indicate a time.",
    "AMAZON.UKPostalCode": "Recognizes words that represent a UK postal code.",
}
_ONLY_IN = {"AMAZON.UKPostalCode": ("en_GB",)}
_NOT_IN = {"AMAZON.AlphaNumeric": ("ko_KR",)}


def intents(locale: str) -> Mapping[str, str]:
    """The built-in intents of a locale: signature -> description."""
    return _INTENTS if locale in LOCALES else {}


def slot_types(locale: str) -> Mapping[str, str]:
    """The built-in slot types of a locale: signature -> description."""
    if locale not in LOCALES:
        return {}
    return {
        name: what
        for name, what in _SLOT_TYPES.items()
        if locale in _ONLY_IN.get(name, (locale,)) and locale not in _NOT_IN.get(name, ())
    }
