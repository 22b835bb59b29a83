import Foundation
import Glibc

/// A server of a case's own: on an empty state, with libvirt's test driver on one file of guests.
final class CaseServer: Sendable {
    private let folder: CaseFolder
    private let process: Process
    private let guests: URL

    /// How often it is asked for its guests before it is given up; each asking takes a program's start.
    private static let mostAttempts = 200

    init(_ program: BuiltProgram, guests: URL) throws {
        self.guests = guests
        folder = try CaseFolder()
        process = Process()
        process.executableURL = URL(filePath: program.path)
        process.arguments = [
            "serve", "--listen", "127.0.0.1:0", "--state", "\(folder.path)/state", "--socket", "\(folder.path)/s",
            "--host", "testhost", "--hypervisor", "test://\(guests.path)",
        ]
        process.environment = BuiltProgram.environment([:])
        process.standardInput = FileHandle.nullDevice
        let log = try folder.file("log")
        process.standardOutput = log
        process.standardError = log
        try process.run()
    }

    /// The environment by which the program asks it, as soon as it shows the guests of its file.
    func access(_ program: BuiltProgram) async throws -> [String: String] {
        let count = try String(contentsOf: guests, encoding: .utf8).components(separatedBy: "<domain ").count - 1
        for _ in 0..<Self.mostAttempts where process.isRunning {
            // There is none before it has started.
            let token = (try? folder.text("state/token").trimmingCharacters(in: .whitespacesAndNewlines)) ?? ""
            let access = ["PATCHBAY_SERVER": "unix:\(folder.path)/s", "PATCHBAY_TOKEN": token]
            let answer = try await program.run(["vm", "list", "-o", "json"], environment: access)
            if answer.rows?.count == count { return access }
        }
        throw Wrong(description: "the server does not show its \(count) guests: \(try folder.text("log").suffix(400))")
    }

    deinit {
        // Its state goes with it, so there is nothing that it would have to end well.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
