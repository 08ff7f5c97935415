"""HTML element names, grouped by their effect on text (WHATWG HTML Living Standard, section 15.3)."""

BLOCK = frozenset(
    """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav
    noscript ol optgroup option p pre search section select summary table tbody td textarea tfoot th thead title
    tr ul""".split()
)
INLINE = frozenset(
    """a abbr acronym audio b basefont bdi bdo big blink br canvas cite code data datalist del dfn em embed font i
    iframe img input ins kbd label map area mark marquee math meter nobr object output param picture progress q rp
    rt ruby s samp script slot small source span strike strong style sub sup svg template time track tt u var
    video wbr""".split()
)
METADATA = frozenset(
    ("base", "link", "meta", "frame", "col", "colgroup", "noframes", "noembed", "xmp", "applet", "plaintext")
)
KNOWN = BLOCK | INLINE | METADATA
ANY_NAME = "|".join(sorted(KNOWN, key=len, reverse=True))  # a regex alternation
VOID = frozenset("""area base br col embed frame hr img input link meta param source track wbr basefont""".split())
# Elements whose content is not markup: their text runs to the matching end tag.
RAW_TEXT = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes"))
ESCAPABLE_RAW_TEXT = frozenset(("textarea", "title"))
TEXT_ONLY = RAW_TEXT | ESCAPABLE_RAW_TEXT | {"plaintext"}
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BOOLEAN_ATTRIBUTES = frozenset(
    """allowfullscreen async autofocus autoplay checked compact controls default defer disabled download hidden inert
    ismap itemscope loop multiple muted nomodule noshade novalidate nowrap open playsinline readonly required reversed
    scoped selected""".split()
)
