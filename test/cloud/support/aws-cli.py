"""The AWS CLI as a process that stays: starting Python and reading its modules takes longer than most commands.

Each line of standard input is a command, as a JSON list of its arguments. Each is run by a process of its own, which begins where
`aws` is when it has been loaded, and nothing of it reaches the next. Each answer is a line too: exit code, output, errors.
"""
import json
import os
import sys
import tempfile
import warnings

from awscli.clidriver import AWSCLIEntryPoint, create_clidriver
from botocore.exceptions import UnknownServiceError

# The CLI's own logger is a thread, and the child does without it.
warnings.filterwarnings("ignore", category=DeprecationWarning)


def read_ahead(service: str) -> None:
    """Reads what a service's commands read before they ask, so that not each has to."""
    try:
        driver.session.create_client(service)
    except UnknownServiceError:
        pass  # One with a name of the CLI's own, such as s3api.


def execute(arguments: list[str]) -> int:
    try:
        return AWSCLIEntryPoint(driver).main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def answer(arguments: list[str]) -> tuple[int, str, str]:
    read_ahead(arguments[0])
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            code = 255
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            try:
                code = execute(arguments)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        errors.seek(0)
        return os.waitstatus_to_exitcode(status), output.read().decode(), errors.read().decode()


driver = create_clidriver()
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
