import Foundation
import Glibc
import PatchbayCore

/// One emulated host: started as a QEMU process, driven through its serial ports, ended through QEMU's control socket.
package struct LabHost: Sendable {
    package let name: String
    package let number: Int
    package let description: HostDescription
    package let files: HostFiles
    /// What its kernel is told of the IOMMU.
    package let iommu: [String]

    package init(
        name: String, number: Int, description: HostDescription, files: HostFiles,
        iommu: [String] = Self.iommuOn
    ) {
        self.name = name
        self.number = number
        self.description = description
        self.files = files
        self.iommu = iommu
    }

    package static let iommuOn = ["intel_iommu=on"]

    /// nil: not running.
    package var process: ProcessRecord? {
        ProcessRecord(file: files.process).flatMap { $0.isRunning ? $0 : nil }
    }

    /// Starts the machine, whose files `prepareFiles` made; returns as soon as QEMU runs.
    package func start(_ products: LabProducts) throws(Problem) {
        guard process == nil else { throw Problem(.wrongState, "The host \(name) runs already.") }
        let launch = HostLaunch(
            name: name, number: number, description: description, files: files, products: products, iommu: iommu)
        let log = open(files.qemuLog, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [log, nothing] { close(descriptor) } }
        guard log >= 0, nothing >= 0 else { throw .system("Cannot write \(files.qemuLog).", errno: errno) }
        let pid = try Spawn(
            arguments: launch.arguments, environment: ["QEMU_MODULE_DIR": products.qemuModules], input: nothing,
            output: log, errors: log
        ).start()
        guard let record = ProcessRecord(pid: pid) else { throw died("QEMU ended at once.") }
        try record.write(to: files.process)
    }

    /// Waits until the host runs commands.
    ///
    /// - Throws: `.failed` with the last lines of its console when it dies first, `.timedOut`.
    package func waitUntilUp(within limit: Duration) async throws(Problem) {
        let deadline = ContinuousClock.now + limit
        while true {
            guard process != nil else { throw died("The host \(name) died while it started.") }
            do {
                let answer = try await run(["true"], limit: .seconds(60), patience: .seconds(10))
                if answer.status == 0 { return }
            } catch {
                guard ContinuousClock.now < deadline else {
                    throw died("The host \(name) was not up within \(limit).", .timedOut)
                }
                // QEMU makes its sockets a moment after it was started.
                do { try await Task.sleep(for: .milliseconds(200)) } catch {
                    throw Problem(.interrupted, "Nobody waits for the host \(name) any more.")
                }
            }
        }
    }

    /// Cuts the power. Nothing when it is off.
    package func stop() async throws(Problem) {
        guard let process else { return }
        do {
            _ = try await QMPClient(path: files.qmpSocket).execute("quit", as: QMPClient.Nothing.self)
        } catch {
            process.signal(SIGTERM)
        }
        if await process.hasEnded(within: .seconds(10)) { return }
        process.signal(SIGKILL)
        guard await process.hasEnded(within: .seconds(10)) else {
            throw Problem(.failed, "QEMU process \(process.pid) of the host \(name) does not end.")
        }
    }

    /// The PCI address of every described device.
    package func addresses() async throws(Problem) -> [String: PCIAddress] {
        try await QMPClient(path: files.qmpSocket).execute("query-pci", as: EmulatedPCI.self).addresses
    }

    /// One command of QEMU's control socket that returns nothing: `device_del`, `device_add`.
    package func control(_ command: String, _ arguments: [String: String]) async throws(Problem) {
        _ = try await QMPClient(path: files.qmpSocket).execute(
            command, arguments: arguments, as: QMPClient.Nothing.self)
    }

    /// Pulls the cable of a network card of the description, or puts it in.
    package func setCable(of nic: String, isIn: Bool) async throws(Problem) {
        let answer = try await QMPClient(path: files.qmpSocket).execute(
            "human-monitor-command", arguments: ["command-line": "set_link net-\(nic) \(isIn ? "on" : "off")"],
            as: String.self)
        guard answer.allSatisfy(\.isWhitespace) else {
            throw Problem(.failed, "QEMU refuses set_link for \(nic) of the host \(name).", cause: answer)
        }
    }

    /// The problem of a host that is no more, with what its console and QEMU said last.
    func died(_ sentence: String, _ code: ProblemCode = .failed) -> Problem {
        let lines = [files.console, files.qemuLog].flatMap { file -> [String] in
            guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(8).map(String.init)
        }
        return Problem(code, sentence, evidence: lines, next: ["Its logs are kept in \(files.directory)."])
    }
}
