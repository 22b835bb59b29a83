import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite(.timeLimit(.minutes(10))) struct `Live kernel` {
    private func text(_ tree: SampleTree, _ path: String) throws -> String {
        try String(contentsOfFile: "\(tree.root)/\(path)", encoding: .utf8)
    }

    @Test func `writes the text and a newline, once, into a file that exists`() async throws {
        let tree = try SampleTree()
        try tree.file("sys/bus/pci/drivers_probe", "")
        let directory = try tree.function("0000:41:00.0")
        try tree.file("\(directory)/driver_override", "")
        let kernel = try LiveKernel(root: tree.root)
        try await kernel.write("0000:41:00.0", to: .driversProbe, deadlineSeconds: 5)
        try await kernel.write("vfio-pci", to: .driverOverride(PCIAddress("41:00.0")), deadlineSeconds: 5)
        #expect(try text(tree, "sys/bus/pci/drivers_probe") == "0000:41:00.0\n")
        #expect(try text(tree, "\(directory)/driver_override") == "vfio-pci\n")
    }

    @Test func `names the errno when the kernel refuses, and creates nothing`() async throws {
        let tree = try SampleTree()
        let kernel = try LiveKernel(root: tree.root)
        let problem = try await #require(throws: Problem.self) {
            try await kernel.write("0000:41:00.0", to: .unbind(driver: "nvidia"), deadlineSeconds: 5)
        }
        #expect(problem.code == .kernelRefused)
        #expect(problem.cause == "ENOENT")
        #expect(!FileManager.default.fileExists(atPath: "\(tree.root)/sys/bus/pci/drivers/nvidia/unbind"))
    }

    @Test func `gives a hanging write up, says who holds the device, and knows when it is over`() async throws {
        let tree = try SampleTree()
        let directory = try tree.function("0000:41:00.0", driver: "vfio-pci", group: 26)
        try tree.file("\(directory)/driver_override", "vfio-pci\n")
        try tree.file("proc/4711/comm", "qemu-system-x86\n")
        try FileManager.default.createDirectory(atPath: "\(tree.root)/proc/4711/fd", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(tree.root)/proc/4711/fd/7", withDestinationPath: "/dev/vfio/26")
        // A FIFO that nobody reads blocks its writer in the kernel, as unbind does.
        let fifo = "\(tree.root)/sys/bus/pci/drivers/vfio-pci/unbind"
        #expect(mkfifo(fifo, 0o600) == 0)
        let kernel = try LiveKernel(root: tree.root)
        let address = try PCIAddress("41:00.0")
        #expect(try await kernel.driverState(of: address) == DriverState(driver: "vfio-pci", override: "vfio-pci"))
        let problem = try await #require(throws: Problem.self) {
            try await kernel.write("0000:41:00.0", to: .unbind(driver: "vfio-pci"), deadlineSeconds: 0)
        }
        #expect(problem.code == .timedOut)
        #expect(problem.detail.contains("still running in the kernel"))
        #expect(problem.evidence == ["qemu-system-x86 (pid 4711) holds /dev/vfio/26"])

        // What takes the same lock is not read: it is what it was.
        try tree.file("\(directory)/driver_override", "other\n")
        #expect(try await kernel.driverState(of: address)?.override == "vfio-pci")
        #expect(try await kernel.inventory()[address]?.driverOverride == "vfio-pci")
        let again = try await #require(throws: Problem.self) {
            try await kernel.write("", to: .driverOverride(address), deadlineSeconds: 5)
        }
        #expect(again.code == .timedOut)

        // The holder lets go: the text arrives, and the function is free again.
        #expect(try readToEnd(fifo) == "0000:41:00.0\n")
        var override = try await kernel.driverState(of: address)?.override
        while override != "other" { override = try await kernel.driverState(of: address)?.override }
    }

    @Test func `waits for a reading that was only slow before it begins another, as long as for one`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:41:00.0", driver: "nvidia")
        let kernel = try LiveKernel(root: tree.root, readDeadline: .seconds(2))
        let address = try PCIAddress("41:00.0")
        let gate = DispatchSemaphore(value: 0)
        let slow = try await #require(throws: Problem.self) {
            try await kernel.reading { () throws(Problem) in gate.wait() }
        }
        #expect(slow.code == .timedOut)
        let refusal = try await #require(throws: Problem.self) { _ = try await kernel.driverState(of: address) }
        #expect(refusal.detail == "Reading the host is still blocked in the kernel.")
        async let next = kernel.driverState(of: address)
        gate.signal()
        #expect(try await next?.driver == "nvidia")
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "../../../proc/sys", "two\nlines", "a b", String(repeating: "x", count: 65),
    ])
    func `refuses driver names that are none`(_ name: String) async throws {
        let tree = try SampleTree()
        let kernel = try LiveKernel(root: tree.root)
        await #expect {
            try await kernel.write("0000:41:00.0", to: .unbind(driver: name), deadlineSeconds: 1)
        } throws: {
            ($0 as? Problem)?.code == .malformedInput
        }
        guard !name.isEmpty else { return }
        let address = try PCIAddress("41:00.0")
        await #expect { try await kernel.write(name, to: .driverOverride(address), deadlineSeconds: 1) } throws: {
            ($0 as? Problem)?.code == .malformedInput
        }
    }

    @Test(arguments: ["41:00.0\n42:00.0", "", "all"]) func `refuses addresses that are none`(_ text: String)
        async throws
    {
        let tree = try SampleTree()
        let kernel = try LiveKernel(root: tree.root)
        await #expect { try await kernel.write(text, to: .driversProbe, deadlineSeconds: 1) } throws: {
            ($0 as? Problem)?.code == .malformedAddress
        }
    }

    @Test func `tells driver and override, and when a function is gone`() async throws {
        let tree = try SampleTree()
        try tree.function("0000:41:00.0", driver: "nvidia")
        let kernel = try LiveKernel(root: tree.root)
        #expect(try await kernel.driverState(of: PCIAddress("41:00.0")) == DriverState(driver: "nvidia", override: nil))
        #expect(try await kernel.driverState(of: PCIAddress("42:00.0")) == nil)
    }

    @Test func `loads no module that is there already, and none by a name that is none`() async throws {
        let tree = try SampleTree()
        try tree.directory("sys/module/vfio_pci")
        let kernel = try LiveKernel(root: tree.root)
        try await kernel.loadModule("vfio-pci")
        await #expect { try await kernel.loadModule("nvme") } throws: { ($0 as? Problem)?.code == .kernelRefused }
        for name in ["--remove", "a b", "a/b", ""] {
            await #expect { try await kernel.loadModule(name) } throws: { ($0 as? Problem)?.code == .malformedInput }
        }
    }

    @Test func `sees no changes in a recorded tree, and stops listening when nobody does`() async throws {
        let tree = try SampleTree()
        for await _ in try LiveKernel(root: tree.root).changes() { Issue.record("a recorded tree never changes") }
        let live = try LiveKernel()
        let listener = Task { for await _ in live.changes() {} }
        listener.cancel()
        await listener.value
    }

    /// Foundation's readers do not open FIFOs.
    private func readToEnd(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        return String(
            decoding: try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd() ?? Data(),
            as: UTF8.self)
    }
}
