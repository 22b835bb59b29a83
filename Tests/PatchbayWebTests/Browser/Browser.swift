import Foundation
import PatchbayCore

/// A headless Chromium, spoken to over its DevTools pipe: JSON messages, each ended by a zero byte.
///
/// https://chromedevtools.github.io/devtools-protocol/
actor Browser {
    /// Where Chromium is on this machine; nil: it is not.
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for name in ["chromium", "chromium-browser", "google-chrome"] {
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return "\(folder)/\(name)"
            }
        }
        return nil
    }()

    struct Failure: Error, CustomStringConvertible { let description: String }

    private let process = Process()
    private let commands = Pipe()
    private let answers = Pipe()
    private let profile: URL
    private var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
    private var nextID = 1
    private var session = ""
    /// What the page's console said that should not be said: errors, exceptions, policy violations.
    private(set) var complaints: [String] = []

    init(width: Int = 1200, height: Int = 760) throws {
        profile = FileManager.default.temporaryDirectory.appendingPathComponent("patchbay-browser-\(UUID().uuidString)")
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The browser reads commands from descriptor 3 and writes answers to descriptor 4.
        process.arguments = [
            "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", Self.path ?? "", "--headless=new",
            "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--remote-debugging-pipe",
            "--user-data-dir=\(profile.path)", "--window-size=\(width),\(height)",
        ]
        process.standardInput = commands
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        // Its sockets lie there, too.
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": profile.path]) { $1 }
        try process.run()
    }

    /// Opens a browser, runs `test` on a page, and closes it whatever happens.
    static func open(
        width: Int = 1200, height: Int = 760, _ test: @Sendable (Browser) async throws -> Void
    ) async throws {
        let browser = try Browser(width: width, height: height)
        let reader = Task.detached { await browser.read() }
        do {
            try await browser.start(width: width, height: height)
            try await test(browser)
        } catch {
            await browser.close()
            _ = await reader.value
            throw error
        }
        await browser.close()
        _ = await reader.value
    }

    private func start(width: Int, height: Int) async throws {
        let target = try await send("Target.createTarget", ["url": "about:blank"])
        let attached = try await send(
            "Target.attachToTarget", ["targetId": target["targetId"] as? String ?? "", "flatten": true])
        session = attached["sessionId"] as? String ?? ""
        for domain in ["Page", "Runtime", "Log"] { _ = try await send("\(domain).enable") }
        _ = try await send(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    }

    private func close() async {
        process.terminate()
        process.waitUntilExit()
        // Its helpers write for a moment longer.
        for _ in 0..<50 {
            guard (try? FileManager.default.removeItem(at: profile)) == nil else { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    // MARK: The pipe

    private nonisolated func read() async {
        var rest = Data()
        for await bytes in chunks() {
            rest.append(bytes)
            while let end = rest.firstIndex(of: 0) {
                await take(Data(rest[rest.startIndex..<end]))
                rest = Data(rest[rest.index(after: end)...])
            }
        }
        await end()
    }

    /// What comes through the pipe, read on a thread of its own: one that waits here would be missing elsewhere.
    private nonisolated func chunks() -> AsyncStream<Data> {
        let handle = answers.fileHandleForReading
        return AsyncStream { continuation in
            Thread.detachNewThread {
                while true {
                    let bytes = handle.availableData
                    guard !bytes.isEmpty else { break }
                    continuation.yield(bytes)
                }
                continuation.finish()
            }
        }
    }

    private func end() {
        for continuation in waiting.values {
            continuation.resume(throwing: Failure(description: "the browser is gone"))
        }
        waiting = [:]
    }

    private func take(_ bytes: Data) {
        guard let message = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any] else { return }
        if let id = message["id"] as? Int {
            waiting.removeValue(forKey: id)?.resume(returning: bytes)
            return
        }
        let parameters = message["params"] as? [String: Any] ?? [:]
        switch message["method"] as? String {
        case "Runtime.exceptionThrown": complaints.append("exception: \(parameters)")
        case "Runtime.consoleAPICalled" where parameters["type"] as? String == "error":
            complaints.append("console.error: \(parameters)")
        case "Log.entryAdded":
            let entry = parameters["entry"] as? [String: Any] ?? [:]
            if entry["level"] as? String == "error" {
                complaints.append("log: \(entry["text"] ?? "") \(entry["url"] ?? "")")
            }
        default: break
        }
    }

    @discardableResult private func send(_ method: String, _ parameters: [String: Any] = [:]) async throws -> [String:
        Any]
    {
        let id = nextID
        nextID += 1
        var message: [String: Any] = ["id": id, "method": method, "params": parameters]
        if !session.isEmpty { message["sessionId"] = session }
        let bytes = try JSONSerialization.data(withJSONObject: message) + Data([0])
        let answer = try await withCheckedThrowingContinuation { continuation in
            waiting[id] = continuation
            do {
                try commands.fileHandleForWriting.write(contentsOf: bytes)
            } catch {
                waiting.removeValue(forKey: id)?.resume(throwing: error)
            }
        }
        let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any] ?? [:]
        if let error = object["error"] { throw Failure(description: "\(method): \(error)") }
        return object["result"] as? [String: Any] ?? [:]
    }

    // MARK: What tests do

    /// Goes to the address and waits until its scripts have run.
    func go(_ address: String) async throws {
        try await send("Page.navigate", ["url": address])
        try await until("document.readyState === 'complete' && location.href === \(Self.quoted(address))")
        try await until("document.documentElement.classList.contains('js-on')")
    }

    /// The value of an expression, as text.
    func value(_ expression: String) async throws -> String {
        let result = try await send(
            "Runtime.evaluate",
            [
                "expression": "(async () => String(await (\(expression))))()", "awaitPromise": true,
                "returnByValue": true,
            ])
        if let wrong = result["exceptionDetails"] { throw Failure(description: "\(expression): \(wrong)") }
        return (result["result"] as? [String: Any])?["value"] as? String ?? ""
    }

    /// Waits, frame by frame, until the condition holds; also across a navigation.
    func until(_ condition: String) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let wait =
                "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(Boolean(\(condition))), 10)))"
            // A navigation in between takes the page away under the question; the next page is asked again.
            if let answer = try? await value(wait), answer == "true" { return }
        }
        throw Failure(description: "never came true: \(condition), at \(try await value("location.href"))")
    }

    func press(_ key: String, control: Bool = false) async throws {
        let text = key.count == 1 && !control ? key : ""
        var parameters: [String: Any] = ["key": key, "modifiers": control ? 2 : 0]
        if !text.isEmpty { parameters["text"] = text }
        if key == "Enter" { (parameters["windowsVirtualKeyCode"], parameters["text"]) = (13, control ? "" : "\r") }
        if key == "Escape" { parameters["windowsVirtualKeyCode"] = 27 }
        parameters["type"] = "keyDown"
        try await send("Input.dispatchKeyEvent", parameters)
        try await send("Input.dispatchKeyEvent", ["type": "keyUp", "key": key])
    }

    func type(_ text: String) async throws { try await send("Input.insertText", ["text": text]) }

    /// - Parameter meanwhile: what goes on while the button is down.
    func click(_ selector: String, meanwhile: () async throws -> Void = {}) async throws {
        let point = try await middle(of: selector)
        try await mouse("mousePressed", point)
        try await meanwhile()
        try await mouse("mouseReleased", point)
    }

    /// Presses on the one, moves in steps, lets go on the other.
    func drag(_ from: String, to: String) async throws {
        let start = try await middle(of: from)
        let end = try await middle(of: to)
        try await mouse("mousePressed", start)
        for step in 1...6 {
            let part = Double(step) / 6
            try await mouse("mouseMoved", (start.0 + (end.0 - start.0) * part, start.1 + (end.1 - start.1) * part))
        }
        try await mouse("mouseReleased", end)
    }

    private func middle(of selector: String) async throws -> (Double, Double) {
        let box = try await value(
            "(() => { const e = document.querySelector(\(Self.quoted(selector))); e.scrollIntoView({block: 'nearest'});"
                + " const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2].join(' '); })()"
        )
        let parts = box.split(separator: " ").compactMap { Double($0) }
        guard parts.count == 2 else { throw Failure(description: "nothing at \(selector)") }
        return (parts[0], parts[1])
    }

    private func mouse(_ type: String, _ point: (Double, Double)) async throws {
        try await send(
            "Input.dispatchMouseEvent",
            [
                "type": type, "x": point.0, "y": point.1, "button": "left", "buttons": type == "mouseReleased" ? 0 : 1,
                "clickCount": 1,
            ])
    }

    /// A picture of the whole page.
    func picture() async throws -> Data {
        let result = try await send("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        return Data(base64Encoded: result["data"] as? String ?? "") ?? Data()
    }

    static func quoted(_ text: String) -> String {
        let bytes = try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
