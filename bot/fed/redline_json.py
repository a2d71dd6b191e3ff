"""A redline as JSON: the form of the detail ``redline`` of facts, and back."""

from typing import Any

from bot.fed.redline import Fate, Redline, Run, Sentence

_SIGNS = {Fate.KEPT: "=", Fate.REMOVED: "-", Fate.ADDED: "+"}
_FATES = {sign: fate for fate, sign in _SIGNS.items()}


def redline_json(redline: Redline) -> dict[str, Any]:
    """Similarity, verdict, counts of sentences, and the sentences in the order of the new text.

    Each run is ``[sign, words]``: = kept, - removed, + added.
    """
    return {
        "similarity": round(redline.similarity, 4),
        "verdict": redline.verdict.value,
        "counts": redline.counts,
        "sentences": [
            {
                "fate": sentence.fate.value,
                "paragraph": sentence.paragraph,
                "old_place": sentence.old_place,
                "moved": sentence.moved,
                "runs": [[_SIGNS[run.fate], run.text] for run in sentence.runs],
            }
            for sentence in redline.sentences
        ],
    }


def redline_of(told: dict[str, Any]) -> Redline:
    """The redline that ``redline_json`` told; raises KeyError or ValueError on anything else."""
    return Redline(
        similarity=told["similarity"],
        sentences=tuple(
            Sentence(
                fate=Fate(sentence["fate"]),
                runs=tuple(Run(_FATES[sign], text) for sign, text in sentence["runs"]),
                paragraph=sentence["paragraph"],
                old_place=sentence["old_place"],
                moved=sentence["moved"],
            )
            for sentence in told["sentences"]
        ),
    )
