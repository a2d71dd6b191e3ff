"""What Slack calls the error of a call, in one word."""


def code_of(error: Exception) -> str:
    """Slack's own code where it refused, else the kind of the error; no address, no token."""
    answer = getattr(error, "response", None)
    data = getattr(answer, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if isinstance(code, str) and " " not in code:
        return code
    status = getattr(answer, "status_code", None)
    return f"HTTP status {status}" if status else type(error).__name__
