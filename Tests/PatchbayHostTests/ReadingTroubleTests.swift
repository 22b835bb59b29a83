import CPatchbayHost
import Foundation
import Glibc
import PatchbayCore
import Testing

@testable import PatchbayHost

@Suite struct `A reading that the system keeps from looking` {
    @Test func `fails where files run out, and never finds less`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:41:00.0", driver: "nvidia", group: 1)
        try tree.function("0000:42:00.0", group: 2)
        let root = tree.root
        await withKnownIssue("FM2: what cannot be opened is taken for not there") {
            await #expect(processExitsWith: .success) { [root = root as String] in
                for more in 0..<8 where !(try LimitedReading.isSound(root, openFiles: more)) { exit(1) }
            }
        }
        withExtendedLifetime(tree) {}
    }
}

/// For a process of its own.
private enum LimitedReading {
    /// Whether everything was found with so many files to open, or the reading failed.
    static func isSound(_ root: String, openFiles: Int) throws -> Bool {
        let reader = InventoryReader(root: root, hostName: "atlas")
        var usual = rlimit()
        getrlimit(limitOfFiles, &usual)
        let whole = try reader.survey().inventory
        let free = dup(0)
        close(free)
        var limit = usual
        limit.rlim_cur = rlim_t(Int(free) + openFiles)
        setrlimit(limitOfFiles, &limit)
        defer { setrlimit(limitOfFiles, &usual) }
        do throws(Problem) { return try reader.survey().inventory == whole } catch { return true }
    }

    private static let limitOfFiles = __rlimit_resource_t(7)
}

@Suite struct `A program that is run` {
    @Test func `never keeps its caller longer than the deadline`() {
        withKnownIssue("modprobe that closes its standard error, or does not die, is waited for") {
            let status = CStrings.withPointers(["sh", "-c", "exec 2>&-; exec sleep 2"]) {
                pb_run("/bin/sh", $0, 200, nil, 0)
            }
            #expect(status == -ETIMEDOUT)
        }
    }
}
