"""Small classes of English words that several stages ask about."""

# Words that, capitalized, start a sentence far more often than a name.
SENTENCE_STARTERS = frozenset(
    """a according additionally after all although an and another as at because before both but by clinical
    consequently despite during each even every finally first for from furthermore having he her here his how
    however if in it its many more moreover most much my no not now of on once one only other our overall over
    people recent research researchers scientists several she similarly since so some specifically studies such
    that the their then there therefore these they this those though through thus to today under understanding unlike
    until we what when where whether which while who why with without you your""".split()
)
# Words that stay in lower case in a title.
MINOR_WORDS = frozenset(
    """a about above across after against along also among an and are around as at be been before behind being below
    between beyond but by can could despite did do does down during except for from had has have her his if in
    inside into is it its like may might more most must my near no nor not of off on only onto or our out over
    past per shall should since so than that the their them then these they this those though through throughout
    to toward towards under unlike until up upon versus via vs was were what when where which while who whom whose
    why will with within without would yet your how""".split()
)
# Abbreviations whose full stop ends no sentence.
ABBREVIATIONS = frozenset(
    """al approx cf ca dept dr eds eq esp est etc fig figs hr hrs inc min mins mo mr mrs ms no nos pp prof ref resp
    sec st viz vol vs wk wks yr yrs""".split()
)
