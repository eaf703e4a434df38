"""What the article behind a rule asks for, in our words. Lengths stand in the table of limits, never here.

Source: the articles named in seed/reference/statutory_deadlines.csv.
"""

from models.rules.words import Words, words

TEXTS: dict[str, Words] = {
    "VERIFY": words(
        "from receiving a crime report, the body in charge verifies it and decides whether to open a criminal case; "
        "a complex report may be given longer, and the procuracy may extend once"
    ),
    "VERIFY_RESUME": words("verification that is resumed ends within its own term from the decision to resume it"),
    "INV": words(
        "the investigation ends within a term set by the class of the offence, counted from the decision to open the "
        "case; only the procuracy extends it, by a decision asked for before it ends"
    ),
    "INV_RESUMED": words(
        "an investigation that is resumed has its own term, set by the class of the offence, from the decision to "
        "resume it; it may be extended once"
    ),
    "INV_ADD_VKS": words(
        "a file returned by the procuracy is investigated further within a term of its own, from receiving the file "
        "and the request; the procuracy may return it twice at most"
    ),
    "INV_ADD_COURT": words(
        "a file returned by the court is investigated further within a term of its own, from receiving the file and "
        "the request; the presiding judge may return it once and the trial panel once"
    ),
    "PROS": words(
        "from receiving the file and the conclusion of the investigation, the procuracy decides on prosecution within "
        "a term set by the class of the offence; its head may extend it"
    ),
    "TRIAL_PREP": words(
        "from accepting the case, the presiding judge decides whether to try it within a term set by the class of the "
        "offence; the chief judge may extend it in a complex case"
    ),
    "TRIAL_PREP_RET": words(
        "when the file comes back from additional investigation, the judge decides to try it within a term of its own"
    ),
    "TRIAL_OPEN": words(
        "from the decision to try the case, the court opens the hearing within this term; longer only for force "
        "majeure or an objective obstacle"
    ),
    "POSTPONE": words("a hearing is postponed for no longer than this, each time"),
    "APPEAL_OPEN_PROV": words(
        "from receiving the file, the provincial court opens the appellate hearing within this term"
    ),
    "APPEAL_OPEN_SUP": words(
        "from receiving the file, the upper appellate court opens the hearing within this term; the article names the "
        "superior court, which was abolished on 1 July 2025"
    ),
    "THADS_DEC": words(
        "from receiving the judgment or the request, the enforcement agency decides to enforce within this term"
    ),
    "THADS26_DEC": words("the law in force from 1 July 2026 sets its own term; we have not found its number"),
    "CASS_OPEN": words("from receiving the protest and the file, the cassation hearing is held within this term"),
    "EXP": words("where the law sets no term, the expert answers by the day named in the decision that asked for it"),
    "VAL": words("the valuation council answers within the term named in the request"),
    "DET": words(
        "detention for the investigation lasts no longer than a term set by the class of the offence; one month is "
        "counted as 30 days"
    ),
    "CONCL_SEND": words("after concluding, the investigating body hands conclusion and file to the procuracy"),
    "TO_COURT": words("from the indictment, the procuracy sends file and indictment to the court"),
    "EXEC_PEN": words(
        "from the day the judgment is in force, or from receiving the appellate judgment, the court decides to "
        "execute the sentence"
    ),
    "APPEAL_RIGHT": words("a judgment may be appealed within this term from its pronouncement"),
    "PROTEST_SAME": words("the procuracy of the same level may protest within this term from the pronouncement"),
    "PROTEST_UPPER": words("the procuracy of the next upper level may protest within this term from the pronouncement"),
    "CASS_UNFAV": words(
        "a cassation protest against the convicted person may be made within this term from the day the judgment is "
        "in force"
    ),
    "THADS_REVERIFY": words("while there are no means to enforce, they are verified again at least this often"),
    "THADS26_NOMEANS": words(
        "when no means were found for this long, the file is moved to a separate book or the request sent back"
    ),
    "INSP_DUR22_PROV": words("an inspection of the provincial inspectorate lasts no longer than this"),
    "INSP_DUR25": words("the law in force from 1 July 2025 sets its own term; we have not found its number"),
}
