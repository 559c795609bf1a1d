"""Pages: items of all of them, for every operation that takes a page token."""

import pytest
from aiservices_mocks.examples import example

from aiservices.api.model import load, snake
from aiservices.api.operations import operations_class
from aiservices.api.pages import items_path, pages
from aiservices.call import SERVICES
from aiservices.errors import AIServicesError, InvalidCallError

PAGED = [(s, o.name) for s in SERVICES for o in load(s).operations.values() if o.page_tokens]


class Book:
    """Answers one page after the other and keeps the parameters it was asked with."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.asked = []

    def send(self, service, operation, params):
        self.asked.append(params)
        return self.replies[len(self.asked) - 1]


def test_162_operations_take_a_page_token():
    assert len(PAGED) == 162
    for service in SERVICES:
        for name, told in load(service).raw["paginators"].items():
            assert load(service).operations[name].page_tokens == (told["input_token"], told["output_token"])


@pytest.mark.parametrize(("service", "name"), PAGED)
def test_every_paged_operation_gives_the_items_of_all_pages(service, name):
    operation = load(service).operations[name]
    ours, theirs = operation.page_tokens
    one, two = (example(operation.output, seed, optional=True) for seed in (1, 2))
    one[theirs], params = "token-1", example(operation.input, optional=False)
    two.pop(theirs, None)
    book = Book(one, two)
    method = getattr(operations_class(service)(book), operation.python_name)
    found = list(pages(method, **{snake(key): value for key, value in params.items()}))
    assert book.asked == [params, {**params, ours: "token-1"}]
    path = items_path(operation)
    if path:
        (member,) = path
        assert [getattr(item, "to_aws", lambda item=item: item)() for item in found] == one[member] + two[member]
        assert found
    else:
        assert [page.raw for page in found] == [one, two]


def test_what_is_listed_where_a_reply_has_several_lists_or_none():
    several = {
        f"{service}.{name}": items_path(operation)
        for service, name in PAGED
        if (operation := load(service).operations[name])
        and sum(shape.type == "list" for shape in operation.output.members.values()) != 1
    }
    assert several == {
        "codeguruprofiler.ListProfilingGroups": ("profilingGroups",),
        "forecastquery.QueryForecast": (),
        "forecastquery.QueryWhatIfForecast": (),
        "kendra.GetSnapshots": ("SnapshotsData",),
        "lexv2-models.ListTestExecutionResultItems": (),
        "rekognition.GetSegmentDetection": ("Segments",),
        "rekognition.ListCollections": ("CollectionIds",),
        "textract.GetDocumentAnalysis": ("Blocks",),
        "textract.GetDocumentTextDetection": ("Blocks",),
        "textract.GetExpenseAnalysis": ("ExpenseDocuments",),
        "textract.GetLendingAnalysis": ("Results",),
    }


def test_pages_come_as_they_are_needed():
    book = Book({"Voices": [{"Id": "Amy"}, {"Id": "Bo"}], "NextToken": "t"}, {"Voices": []})
    voices = pages(operations_class("polly")(book).describe_voices, language_code="en-GB")
    assert book.asked == []
    assert next(voices).id == "Amy"
    assert next(voices).id == "Bo"
    assert len(book.asked) == 1
    assert list(voices) == []
    assert book.asked[1] == {"LanguageCode": "en-GB", "NextToken": "t"}


def test_whole_replies():
    book = Book({"Voices": [{"Id": "Amy"}], "NextToken": "t"}, {"Voices": [{"Id": "Bo"}]})
    replies = list(pages(operations_class("polly")(book).describe_voices).pages)
    assert [reply.voices[0].id for reply in replies] == ["Amy", "Bo"]


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]])
def test_a_token_that_comes_again_ends_in_an_error_not_in_a_loop(tokens):
    book = Book(*({"Voices": [], "NextToken": token} for token in tokens))
    with pytest.raises(AIServicesError, match=r"polly\.DescribeVoices gave the same page token twice"):
        list(pages(operations_class("polly")(book).describe_voices))
    assert len(book.asked) == len(tokens)


def test_a_first_token_of_the_caller_counts():
    book = Book({"Voices": [], "NextToken": "mine"})
    with pytest.raises(AIServicesError, match="twice"):
        list(pages(operations_class("polly")(book).describe_voices, next_token="mine"))


def test_what_has_no_pages_says_so():
    polly = operations_class("polly")(Book())
    with pytest.raises(InvalidCallError, match=r"polly\.GetLexicon has no pages"):
        pages(polly.get_lexicon, name="x")
    with pytest.raises(InvalidCallError, match="only operations have pages"):
        pages(print)
