import CPatchbayHost
import Foundation
import Glibc
import PatchbayCore
import Testing

@testable import PatchbayHost

@Suite struct `A reading that the system keeps from looking` {
    private func makeTree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.function("0000:41:00.0", driver: "nvidia", group: 1)
        try tree.function("0000:42:00.0", group: 2)
        return tree
    }

    @Test func `fails where files run out, and never finds less`() async throws {
        let tree = try makeTree()
        let root = tree.root
        let told = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [root = root as String] in
            var failures = 0
            for more in 0..<16 { failures += try LimitedReading.survey(root, openFiles: more) ? 0 : 1 }
            if !(1...14).contains(failures) { LimitedReading.fail("\(failures) readings failed") }
        }
        #expect(told.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } == "")
        withExtendedLifetime(tree) {}
    }

    @Test func `does not fail for what is not there, or no such thing`() throws {
        let tree = try makeTree()
        let opened = try HostTree(root: tree.root)
        try ReadingTrouble.watch(root: tree.root, countsDenied: true) {
            #expect(opened.text("no/such/file") == nil)
            #expect(opened.text("sys/bus/pci/devices") == nil)
            #expect(opened.names("sys/bus/pci/devices/0000:41:00.0/modalias") == nil)
            #expect(opened.link("sys/bus") == nil)
            #expect(!opened.exists("nothing"))
        }
    }

    @Test(arguments: [(EMFILE, false), (ENFILE, false), (ENOMEM, false), (EIO, false), (EACCES, true), (EPERM, true)])
    func `is told by its error`(_ error: Int32, _ needsRoot: Bool) throws {
        let note = { () throws(Problem) -> Void in _ = pb_note_trouble(error, "sys/bus/pci/devices") }
        if needsRoot { try ReadingTrouble.watch(root: "/", note) }
        let problem = try #require(throws: Problem.self) {
            try ReadingTrouble.watch(root: "/", countsDenied: needsRoot, note)
        }
        #expect(problem.code == .unreadable && problem.cause == ErrorNumber.name(error))
        #expect(problem.detail.contains("sys/bus/pci/devices could not be opened"))
        // It does not stick.
        try ReadingTrouble.watch(root: "/", countsDenied: true) {}
    }

    @Test(arguments: ["etc/os-release", "usr/lib/os-release", "boot/grub/grub.cfg", "var/lib/dpkg/status"])
    func `does not fail for a bad block in what no verdict stands on`(_ path: String) throws {
        let tree = try makeTree()
        let terminal = try LockedTerminal(at: path, in: tree)
        let opened = try HostTree(root: tree.root)
        try ReadingTrouble.watch(root: tree.root) { () throws(Problem) in #expect(opened.text(path) == nil) }
        withExtendedLifetime(terminal) {}
    }

    @Test(arguments: ["etc/fstab", "run/libvirt/qemu/one.xml", "proc/cmdline", "sys/class/x/y"])
    func `fails for a bad block in what a verdict stands on`(_ path: String) throws {
        let tree = try makeTree()
        let terminal = try LockedTerminal(at: path, in: tree)
        let opened = try HostTree(root: tree.root)
        let problem = try #require(throws: Problem.self) {
            try ReadingTrouble.watch(root: tree.root) { () throws(Problem) in #expect(opened.text(path) == nil) }
        }
        #expect(problem.code == .unreadable && problem.cause == "EIO")
        withExtendedLifetime(terminal) {}
    }

    @Test func `is told by threads that read along`() {
        #expect(throws: Problem.self) {
            try ReadingTrouble.watch(root: "/") {
                pb_in_parallel(2, { _, index in if index == 1 { _ = pb_note_trouble(EMFILE, "x") } }, nil)
            }
        }
    }
}

/// A file that answers EIO to whoever opens it, as a bad block does: a terminal that nobody has unlocked (pts(4)).
private final class LockedTerminal {
    private let controller: Int32
    /// `TIOCGPTN`
    private static let numberOfTerminal: UInt = 0x8004_5430

    init(at path: String, in tree: SampleTree) throws {
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var number: UInt32 = 0
        try #require(ioctl(controller, Self.numberOfTerminal, &number) == 0)
        let name = "/dev/pts/\(number)"
        let file = URL(filePath: "\(tree.root)/\(path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: name)
    }

    deinit { close(controller) }
}

/// For a process of its own.
private enum LimitedReading {
    /// Whether it could be read with so many files to open; ends the process where less was found.
    static func survey(_ root: String, openFiles: Int) throws -> Bool {
        let reader = InventoryReader(root: root, hostName: "atlas")
        var usual = rlimit()
        getrlimit(limitOfFiles, &usual)
        let whole = try reader.survey().inventory
        // A limit is one of numbers: those that are free between others are taken first.
        let last =
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.max() ?? 2
        var taken: [Int32] = []
        repeat { taken.append(dup(0)) } while (taken.last ?? last) < last
        defer { for descriptor in taken { close(descriptor) } }
        let next = Int(taken.max() ?? last) + 1
        var limit = usual
        limit.rlim_cur = rlim_t(next + openFiles)
        setrlimit(limitOfFiles, &limit)
        defer { setrlimit(limitOfFiles, &usual) }
        do throws(Problem) {
            let seen = try reader.survey().inventory
            if seen != whole { fail("with \(openFiles) files it saw \(seen)") }
            return true
        } catch {
            if error.code != .unreadable || error.cause != "EMFILE" { fail("with \(openFiles) files: \(error)") }
            return false
        }
    }

    private static let limitOfFiles = __rlimit_resource_t(7)

    static func fail(_ why: String) {
        FileHandle.standardError.write(Data(why.utf8))
        exit(1)
    }
}
