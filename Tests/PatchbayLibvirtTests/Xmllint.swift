import Foundation
import Synchronization

/// libxml2's own tool: the canonical form of a document, and libvirt's schema checked by somebody else than us.
enum Xmllint {
    static let schema = "/usr/share/libvirt/schemas/domain.rng"
    static let isHere = FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")
    static let hasSchema = isHere && FileManager.default.fileExists(atPath: schema)

    /// The same for documents that say the same (W3C Canonical XML).
    static func canonical(_ xml: String) throws -> String {
        let (status, output, errors) = try run(["--c14n", "-"], input: xml)
        guard status == 0 else { throw Failure(text: errors) }
        return output
    }

    /// What libvirt's schema says against it; nil: nothing.
    static func complaint(about xml: String) throws -> String? {
        let (status, _, errors) = try run(["--noout", "--relaxng", schema, "-"], input: xml)
        return status == 0 ? nil : errors
    }

    struct Failure: Error { var text: String }

    private static func run(_ arguments: [String], input: String) throws -> (Int32, String, String) {
        try lock.withLock { _ in try runAlone(arguments, input: input) }
    }

    /// One at a time: the pipes of a process that is started meanwhile would be kept open by this one.
    private static let lock = Mutex(())

    private static func runAlone(_ arguments: [String], input: String) throws -> (Int32, String, String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/xmllint")
        process.arguments = arguments
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        // Documents are smaller than what a pipe holds (64 KiB), so the three can be used one after the other.
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: output, as: UTF8.self), String(decoding: errors, as: UTF8.self)
        )
    }
}
