import PatchbayCore
import Synchronization

extension LabHost {
    /// What a command in a host said and how it ended.
    package struct Answer: Sendable, Equatable {
        /// Its exit status; 128 + n when signal n ended it, 124 when its time was over, 127 when it is not there.
        package var status: Int32
        package var output: String
        package var errors: String
    }

    /// Runs a program in the host and keeps what it prints.
    package func run(
        _ arguments: [String], input: [UInt8] = [], limit: Duration = .seconds(120), patience: Duration = .seconds(30)
    ) async throws(Problem) -> Answer {
        let printed = Mutex<(output: [UInt8], errors: [UInt8])>(([], []))
        let status = try await stream(arguments, input: input, limit: limit, patience: patience) { isError, bytes in
            printed.withLock { if isError { $0.errors += bytes } else { $0.output += bytes } }
        }
        return printed.withLock {
            Answer(
                status: status, output: String(decoding: $0.output, as: UTF8.self),
                errors: String(decoding: $0.errors, as: UTF8.self))
        }
    }

    /// Runs a program in the host and passes on what it prints as it comes.
    package func stream(
        _ arguments: [String], input: [UInt8] = [], limit: Duration, patience: Duration = .seconds(30),
        sink: @escaping @Sendable (_ isError: Bool, _ bytes: [UInt8]) -> Void
    ) async throws(Problem) -> Int32 {
        try await HostPort.run(arguments, input: input, in: files, limit: limit, patience: patience, sink: sink)
    }

    /// Runs a shell script in the host and returns what it prints.
    ///
    /// - Throws: `.failed` with what it said when it ends with another status than 0.
    @discardableResult
    package func shell(_ script: String, limit: Duration = .seconds(120)) async throws(Problem) -> String {
        let answer = try await run(["bash", "-c", script], limit: limit)
        guard answer.status == 0 else {
            throw Problem(
                .failed, "A command in the host \(name) ended with status \(answer.status).",
                evidence: [script], cause: answer.errors + answer.output)
        }
        return answer.output
    }

    /// The printable text that the disk of an NVMe controller begins with, read in the host through its driver.
    package func firstBytes(ofDiskAt address: String) async throws(Problem) -> String {
        // A namespace that several controllers share is listed as nvmeXcYnZ and is a device as nvmeXnZ.
        try await shell(
            """
            for n in /sys/bus/pci/devices/\(address)/nvme/nvme*/nvme*n*; do
                disk=/dev/$(basename "$n" | sed 's/c[0-9]*n/n/')
                head -c 16 "$disk" | tr -d '\\0'
                break
            done
            """)
    }
}
