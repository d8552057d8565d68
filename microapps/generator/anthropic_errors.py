"""What the errors of the ``anthropic`` package and its transport mean: one of ours, and whether to try again."""

from __future__ import annotations

from dataclasses import dataclass

import anthropic
import httpx2

from ..errors import ModelFault, ModelRejected, ModelUnreachable, TurnIncomplete


@dataclass(frozen=True)
class Meaning:
    """What a foreign error means here. ``again`` says whether the same request may succeed later."""

    error: type[ModelFault]
    what: str
    hint: str = ""
    again: bool = False


_BUSY = Meaning(ModelUnreachable, "The model's endpoint is overloaded.", "Try again in a few minutes.", again=True)
_LIMITED = Meaning(
    ModelUnreachable, "The model's endpoint takes no more requests for now.", "Try again in a few minutes.", again=True
)
_BROKEN = Meaning(
    ModelUnreachable, "The model's endpoint has an internal error.", "Try again in a few minutes.", again=True
)
_NETWORK = Meaning(
    ModelUnreachable,
    "The model's endpoint could not be reached.",
    "Look at the network and at the setting 'base_url' (microapps doctor).",
    again=True,
)
_SLOW = Meaning(ModelUnreachable, "The model's endpoint did not answer in time.", _NETWORK.hint, again=True)
_CUT = Meaning(ModelUnreachable, "The connection to the model was lost in the middle.", _NETWORK.hint, again=True)
_GARBLED = Meaning(
    TurnIncomplete,
    "The model's endpoint sent something that is not of the Messages API.",
    "Look at the setting 'base_url'; a proxy or a sign-in page may be answering.",
    again=True,
)
_KEY = Meaning(
    ModelRejected,
    "The model's endpoint does not accept the key.",
    "Set a valid one, in JupyterLab's panel or with 'microapps config key'.",
)
_CREDIT = Meaning(
    ModelRejected, "The account has no credit left or reached its spending limit.", "Top it up, or raise the limit."
)
_FORBIDDEN = Meaning(ModelRejected, "The key may not do this.", "Use another key, or another model.")
_REQUEST = Meaning(
    ModelRejected, "The model's endpoint rejected the request.", "Look at the settings 'model' and 'base_url'."
)
_MISSING = Meaning(
    ModelRejected,
    "The model's endpoint does not know this model or address.",
    "Look at the settings 'model' and 'base_url' (microapps doctor).",
)
_LARGE = Meaning(ModelRejected, "The request is too large for the endpoint.", "Start from a fork, or attach less.")
_ADDRESS = Meaning(ModelRejected, "The setting 'base_url' is no web address.", "It begins with https:// or http://.")
_ACCOUNT = Meaning(ModelRejected, "The model's endpoint turned this account away.", "Ask whoever runs the account.")

_OF_THE_PACKAGE = {
    "AnthropicError": _REQUEST,
    "APIError": _BROKEN,
    "APIStatusError": _REQUEST,
    "APIConnectionError": _NETWORK,
    "APITimeoutError": _SLOW,
    "APIResponseValidationError": _GARBLED,
    "APIWebhookValidationError": _REQUEST,
    "RetryableError": _NETWORK,
    "AuthenticationError": _KEY,
    "CredentialsError": _KEY,
    "IdentityTokenFileError": _KEY,
    "WorkloadIdentityError": _KEY,
    "PaymentRequiredError": _CREDIT,
    "LinkedOrganizationBillingUnavailableError": _CREDIT,
    "LinkedOrganizationSpendLimitReachedError": _CREDIT,
    "ContractSpendLimitReachedError": _CREDIT,
    "EnforcedSpendLimitReachedError": _CREDIT,
    "PermissionDeniedError": _FORBIDDEN,
    "SandboxEgressRestrictedError": _FORBIDDEN,
    "NotFoundError": _MISSING,
    "BadRequestError": _REQUEST,
    "UnprocessableEntityError": _REQUEST,
    "PreconditionFailedError": _REQUEST,
    "RequestBodyEncodingInvalidError": _REQUEST,
    "RequestBodyEncodingUnsupportedError": _REQUEST,
    "RequestHeaderFieldsTooLargeError": _REQUEST,
    "ContentTooLargeError": _LARGE,
    "RequestBodyTooLargeAfterDecodingError": _LARGE,
    "OrganizationOnHoldError": _ACCOUNT,
    "OrganizationTypeNotSupportedError": _ACCOUNT,
    "ParentOrganizationRequiredError": _ACCOUNT,
    "WorkspaceHumanReviewDisabledError": _ACCOUNT,
    "ClaudeCodeKeyCreatorNotMemberError": _ACCOUNT,
    "ClaudeCodeVersionTooOldError": _ACCOUNT,
    "CMEKKeyDisabledError": _ACCOUNT,
    "CMEKKeyNetworkBlockedError": _ACCOUNT,
    "CMEKContextUnavailableError": _BROKEN,
    "CMEKKeyUnreachableError": _BROKEN,
    "RequestTimeoutError": _SLOW,
    "GatewayTimeoutError": _SLOW,
    "ClientClosedRequestError": _CUT,
    "ConflictError": _BROKEN,
    "RateLimitError": _LIMITED,
    "RampLimitExceededError": _LIMITED,
    "OverloadedError": _BUSY,
    "ServiceUnavailableError": _BUSY,
    "InternalServerError": _BROKEN,
    "HTTPNotImplementedError": _MISSING,
}
"""What each error class of the package means, by its name: a release has some that one before had not."""

ERRORS: dict[type[BaseException], Meaning] = {
    **{getattr(anthropic, name): means for name, means in _OF_THE_PACKAGE.items() if hasattr(anthropic, name)},
    httpx2.HTTPError: _CUT,
    httpx2.TimeoutException: _SLOW,
    httpx2.ConnectError: _NETWORK,
    httpx2.UnsupportedProtocol: _ADDRESS,
    httpx2.StreamError: _CUT,
    httpx2.InvalidURL: _ADDRESS,
    # Raised by the package on streams that are not what they should be (measured against a faulty server):
    ValueError: _GARBLED,
    TypeError: _GARBLED,
    AttributeError: _GARBLED,
    AssertionError: _GARBLED,
    RuntimeError: _GARBLED,
    OSError: _CUT,
    TimeoutError: _SLOW,
}
"""What each error class of the package and of its transport means; the nearest base class in this table decides."""

STREAM_ERRORS: dict[str, Meaning] = {
    "overloaded_error": _BUSY,
    "rate_limit_error": _LIMITED,
    "timeout_error": _SLOW,
    "api_error": _BROKEN,
    "conflict_error": _BROKEN,
    "authentication_error": _KEY,
    "billing_error": _CREDIT,
    "permission_error": _FORBIDDEN,
    "not_found_error": _MISSING,
    "invalid_request_error": _REQUEST,
}
"""What an error event inside a stream means, by its type; such a response has status 200, so its class says nothing."""


def meaning(error: BaseException) -> Meaning | None:
    """What an error means here; None if it is none of the package's or its transport's."""
    if isinstance(error, anthropic.APIStatusError) and error.status_code < 400:
        return STREAM_ERRORS.get(str(error.type), _BROKEN)
    if isinstance(error.__cause__, httpx2.UnsupportedProtocol):
        error = error.__cause__  # comes wrapped as a connection error, which would be tried again
    return next((ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS), None)
