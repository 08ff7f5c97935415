"""spaCy's tokenizer, set to cut words where the treebanks cut them.

Every wrong cut costs a word its tag, its head and often its neighbours'. The patterns are saved with the pipeline, so a
project that loads it needs nothing from here. Where the two treebanks differ (3/15 is a date in one, two figures in the
other) the more frequent reading wins.
"""

from __future__ import annotations

import re

from spacy.lang.char_classes import (
    ALPHA,
    ALPHA_LOWER,
    ALPHA_UPPER,
    CONCAT_QUOTES,
    LIST_CURRENCY,
    LIST_PUNCT,
    LIST_QUOTES,
)
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

# First parts that stay with the word behind the hyphen: anti-inflammatory, re-uptake.
PREFIXES = """
ante anti auto bi co counter cross de di em ex extra hemi hetero homo hyper hypo infra inter intra macro mal mega meta
micro mid mini mono multi neo non over pan para peri poly post pre pro proto pseudo psycho quasi re retro semi sub super
supra tri ultra un under uni vice
""".split()
IONS = ("Ca2", "Ca", "Na", "K", "H", "Cl", "Mg2", "Zn2", "Fe2", "Fe3", "Mn2", "Cu2", "Li", "NH4", "NAD")
DASH = "-\u2010\u2011\u2013\u2014\u2212"  # hyphen-minus, hyphens, en and em dash, minus
SIGN = "+\\-\u2212\u2013"
PRIME = "\u2032\u2033"
WORD = f"[0-9{ALPHA}]"
UNITS = "mg µg μg ng kg ml μl µl mM nM μM µM mm cm km nm μm µm kDa kb bp Hz kHz MHz mV kg hr hrs min GB MB KB".split()
RUNS = (
    r"\.{2,}",
    r"\.\?",
    "\u2026",
    "-{2,}",
    "={2,}",
    "_{2,}",
    r"\*{2,}",
    "~{2,}",
    r"[!?]{2,}",
    "<{2,}",
    ">{2,}",
    r"\+{3,}",
    "#{2,}",
)
_NOT_AFTER_ION = "".join(rf"(?<!\b{ion})" for ion in IONS)
_NOT_AFTER_PREFIX = "".join(rf"(?<!\b{prefix})" for word in PREFIXES for prefix in (word, word.capitalize()))
INFIXES = [
    *RUNS,
    rf"(?<=[{ALPHA_LOWER}{CONCAT_QUOTES}])\.(?=[{ALPHA_UPPER}{CONCAT_QUOTES}])",
    rf"(?<=[{ALPHA}0-9]),(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}]),(?=[0-9])",
    r"(?<=[0-9]),(?=[0-9])(?![0-9]{3}(?![0-9]))",
    rf"(?<=[{ALPHA}0-9]){_NOT_AFTER_PREFIX}[{DASH}](?=[{ALPHA}0-9])",
    rf"(?<=[{PRIME}'+)\]%])[{DASH}](?=[{ALPHA}0-9])",
    rf"(?<=[{ALPHA}0-9{PRIME}])[{SIGN}](?=/)" + _NOT_AFTER_ION,
    rf"(?<=[{ALPHA}0-9{SIGN}†])/(?=[{ALPHA}0-9{SIGN}†])",
    rf"(?<=[{ALPHA}0-9])(?:::|[;<>=·×()\[\]])(?=[{ALPHA}0-9])",
    rf"(?<=[{ALPHA}0-9]):(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}]):(?=[0-9])",
    r"(?<=[0-9]):(?=[0-9])(?![0-5][0-9](?![0-9]))",  # not 10:30
    r"(?<=\b1):(?=(?:10|20|25|40|50)\b)",  # a dilution rather than a time
    rf"(?<=[0-9])[{PRIME}]",
    rf"(?<=[{ALPHA}])[!?\"]+(?=[{ALPHA}])",
]
SUFFIXES = [
    *RUNS,
    *LIST_PUNCT,
    *LIST_QUOTES,
    "'s", "'S", "\u2019s", "\u2019S",
    *(rf"(?<=[0-9]){currency}" for currency in LIST_CURRENCY),
    r"(?<=[0-9])(?:" + "|".join(UNITS) + ")",
    r"(?<=[0-9])°[CF]?",
    r"(?<=°[CF])\.",
    r"(?<=[0-9])(?:[AaPp][Mm]|[ap]\.m\.)",
    rf"(?<=[0-9])['%{PRIME}×]",
    r"(?<=\w\w)/",
    rf"(?<=[{ALPHA}0-9)\]]){_NOT_AFTER_ION}[+\u2212]",
    rf"(?<=[{ALPHA}0-9)\]])[-\u2013\u2014]",
    rf"(?<=/)[{SIGN}]", rf"(?<=[{SIGN}])/",
    rf"(?<=[0-9{ALPHA_LOWER}%²\-\+{CONCAT_QUOTES})\]])\.",
    rf"(?<=[{ALPHA_UPPER}][{ALPHA_UPPER}0-9])\.",
    r"[\u2600-\u27BF\U0001F300-\U0001FAFF]",
]  # fmt: skip
NEW_PREFIXES = (*RUNS, r"[~\-\u2013\u2212](?=\w)", r"/(?=[+\-\u2212])", "#(?=[0-9])")
WHOLE = (
    r"[0-9]{3}-[0-9]{4}",  # telephone numbers and dates
    r"[0-9]{3}[-.][0-9]{3}[-.][0-9]{4}",
    r"[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}",
    r"(?:0?[1-9]|1[0-2])/(?:[0-2]?[0-9]|3[01])|24/7",
    r"[eE]-mail\w*|[Xx]-rays?|[0-9]+-fold",
    r"\w+\((?:s|es)\)",
    r"°[CF]",
    r"[#@][A-Za-z]\w*",
    r"5-HT(?:[1-7][A-F]?)?",
)  # fmt: skip
_NOT_SPECIAL = re.compile(r"[80]['-]?[)(DPo0O]+|\):|and/or")  # "(see 8)" holds no smiley
ABBREVIATIONS = "Capt. Ft. Lt. Mon. Tue. Tues. Wed. Thu. Thur. Fri. Sat. Sun. al. etc. cf. Fig. Figs. s.c. i.p.".split()
SPECIAL = {
    "wanna": ("wan", "na"),
    "Wanna": ("Wan", "na"),
    "outta": ("out", "ta"),
    "alot": ("a", "lot"),
    "b/c": ("b/c",),
    "w/": ("w/",),
    "w/o": ("w/o",),
    **{word: (word,) for word in ABBREVIATIONS},
}


def align(nlp: Language) -> Language:
    """Set the patterns of a blank English pipeline's tokenizer."""
    defaults = nlp.Defaults
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise TypeError("only spaCy's rule-based tokenizer can be aligned")
    prefixes = [*NEW_PREFIXES, *(pattern for pattern in defaults.prefixes or () if pattern != "#")]
    tokenizer.prefix_search = compile_prefix_regex(prefixes).search
    tokenizer.suffix_search = compile_suffix_regex(SUFFIXES).search
    tokenizer.infix_finditer = compile_infix_regex(INFIXES).finditer
    tokenizer.token_match = re.compile(f"(?:{'|'.join(WHOLE)})$").match
    kept = {text: cut for text, cut in tokenizer.rules.items() if not _NOT_SPECIAL.fullmatch(text)}
    tokenizer.rules = kept
    for text, words in SPECIAL.items():
        tokenizer.add_special_case(text, [{"ORTH": word} for word in words])
    return nlp
