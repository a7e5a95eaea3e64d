"""A browser driven through the WebDriver protocol (W3C), with nothing but Python's own library."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def program(*names):
    """The first of these programs that is installed, or None."""
    return next((found for found in map(shutil.which, names) if found), None)


class Browser:
    """Headless Chromium with a window of the given size and a profile of its own."""

    def __init__(self, width=1280, height=900, dark=False):
        self.folder = tempfile.mkdtemp(prefix="wavegauge-browser-")
        log = os.path.join(self.folder, "driver.log")
        with open(log, "w", encoding="utf-8") as stream:
            self.driver = subprocess.Popen(
                [program("chromedriver"), "--port=0"], stdout=stream, stderr=stream)
        self.session = ""
        try:
            self.address = f"http://127.0.0.1:{self._port(log)}"
            self._start(width, height, dark)
        except Exception:
            self.close()
            raise

    def _port(self, log):
        for _ in range(600):
            with open(log, encoding="utf-8") as stream:
                for line in stream:
                    if "started successfully on port" in line:
                        return int(line.rstrip().rstrip(".").split()[-1])
            time.sleep(0.05)
        raise RuntimeError("chromedriver did not start")

    def _start(self, width, height, dark):
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--hide-scrollbars",
                     f"--user-data-dir={self.folder}/profile", f"--window-size={width},{height}"]
        if dark:
            arguments.append("--force-dark-mode")
        value = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": program("chromium", "chromium-browser"), "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = f"/session/{value['sessionId']}"
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=False)

    def _call(self, method, path, body=None):
        request = urllib.request.Request(
            self.address + path, method=method, headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:2000]}") from error

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self._call("POST", f"{self.session}/goog/cdp/execute",
                          {"cmd": name, "params": parameters})

    def open(self, address):
        self._call("POST", f"{self.session}/url", {"url": address})

    def run(self, script, *arguments):
        """The value that the body of a function returns in the page."""
        return self._call("POST", f"{self.session}/execute/sync",
                          {"script": script, "args": list(arguments)})

    def log(self):
        """What the console said since the last call."""
        return [entry["message"] for entry in
                self._call("POST", f"{self.session}/se/log", {"type": "browser"})]

    def element(self, selector):
        found = self._call("POST", f"{self.session}/element",
                           {"using": "css selector", "value": selector})
        return found[ELEMENT]

    def click(self, selector):
        self._call("POST", f"{self.session}/element/{self.element(selector)}/click", {})

    def type(self, selector, text):
        self._call("POST", f"{self.session}/element/{self.element(selector)}/value", {"text": text})

    def press(self, keys):
        """Keys to whatever has the focus."""
        actions = []
        for key in keys:
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._call("POST", f"{self.session}/actions",
                   {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def screenshot(self, path, whole=True):
        picture = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as stream:
            stream.write(base64.b64decode(picture["data"]))

    def close(self):
        try:
            if self.session:
                self._call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(30)
            shutil.rmtree(self.folder, ignore_errors=True)
