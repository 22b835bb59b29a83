import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@testable import PatchbayLab

@Suite struct `Messages on a port` {
    @Test func `come back as they were sent`() {
        let frames = [PortFrame(kind: .output, payload: [1, 2, 3]), PortFrame.run(["ls", "-l"], seconds: 70000)]
        var buffer = frames.flatMap(\.bytes)
        #expect(PortFrame.take(from: &buffer) == frames[0])
        #expect(PortFrame.take(from: &buffer) == frames[1])
        #expect(buffer.isEmpty)
    }

    @Test func `wait for their last byte`() {
        let bytes = PortFrame(kind: .errors, payload: [7]).bytes
        var buffer = Array(bytes.dropLast())
        #expect(PortFrame.take(from: &buffer) == nil)
        buffer.append(7)
        #expect(PortFrame.take(from: &buffer)?.payload == [7])
    }

    @Test func `are found behind what an earlier command left`() {
        var buffer: [UInt8] = [9, 0x50, 9] + PortFrame(kind: .helloBack, payload: [5]).bytes
        #expect(PortFrame.take(from: &buffer) == PortFrame(kind: .helloBack, payload: [5]))
    }

    @Test func `carry numbers in little-endian order`() {
        #expect(PortFrame.run([], seconds: 0x0102_0304).payload == [4, 3, 2, 1])
        #expect(PortFrame(kind: .exit, payload: [0, 1, 0, 0]).number == 256)
    }
}

@Suite struct `An initial root file system` {
    @Test func `is an archive that cpio lists`() async throws {
        var archive = InitramfsArchive()
        archive.addDirectory("dev")
        archive.addProgram("init", Array("#!/bin/sh\n".utf8))
        let path = "\(NSTemporaryDirectory())patchbay-\(UUID().uuidString).cpio"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(archive.finished()).write(to: URL(filePath: path))
        guard Tool.path(of: "cpio") != nil else {
            #expect(archive.finished().count % 4 == 0)
            return
        }
        let listed = try await Tool.run(["sh", "-c", "cpio -itv <\"$1\"", "sh", path])
        #expect(listed.text.contains("drwxr-xr-x"))
        #expect(listed.text.contains("10 "))
        #expect(listed.text.contains(" init"))
    }
}

@Suite struct `Package sources` {
    private let stanza = """
        Types: deb
        # a remark
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main
        Signed-By: /usr/share/keyrings/k.gpg

        Types: deb
        URIs: http://other.example
        Suites: nodistro
        """

    @Test func `gain backports from the mirror of the release`() throws {
        let sources = try AptSources(files: ["/a/b.sources": stanza], codename: "bookworm")
        #expect(sources.sources.map(\.suite) == ["bookworm", "bookworm-updates", "bookworm-backports"])
        #expect(
            sources.list.contains(
                "deb [signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian bookworm-backports main\n"))
    }

    @Test func `are read in the one-line format too`() throws {
        let line =
            "deb [arch=amd64 signed-by=/k.gpg] http://m.example bookworm main contrib\ndeb-src http://m.example bookworm main\n"
        let sources = try AptSources(files: ["/etc/apt/sources.list": line], codename: "bookworm")
        #expect(sources.sources.first == .init(uri: "http://m.example", suite: "bookworm", keyring: "/k.gpg"))
        #expect(sources.sources.count == 2)
    }

    @Test func `of another release are no use`() {
        #expect(throws: Problem.self) { try AptSources(files: ["/a/b.sources": stanza], codename: "sid") }
    }
}

@Suite struct `Programs of this machine` {
    @Test func `give their output, and their status as a problem`() async throws {
        let output = try await Tool.run(["sh", "-c", "echo out; echo err >&2"])
        #expect(output.text == "out\n")
        #expect(output.errors == "err\n")
        let problem = await #expect(throws: Problem.self) { try await Tool.run(["sh", "-c", "echo why >&2; exit 3"]) }
        #expect(problem?.detail.contains("status 3") == true)
        #expect(problem?.cause == "why\n")
    }

    @Test func `are killed when their time is over`() async {
        let problem = await #expect(throws: Problem.self) {
            try await Tool.run(["sh", "-c", "sleep 1000"], limit: .milliseconds(50))
        }
        #expect(problem?.code == .timedOut)
    }

    @Test func `that are not there are named`() async {
        let problem = await #expect(throws: Problem.self) { try await Tool.run(["/nonexistent/program"]) }
        #expect(problem?.detail.contains("/nonexistent/program") == true)
    }

    @Test func `are known again by pid and start time only`() throws {
        let mine = try #require(ProcessRecord(pid: getpid()))
        #expect(mine.isRunning)
        var other = mine
        other.startTicks += 1
        #expect(!other.isRunning)
    }
}

@Suite struct `A lock on a file` {
    @Test func `is held by one at a time`() throws {
        let path = "\(NSTemporaryDirectory())patchbay-\(UUID().uuidString).lock"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var first = try FileLock(path: path)
        #expect(first != nil)
        #expect(try FileLock(path: path) == nil)
        first = nil
        #expect(try FileLock(path: path) != nil)
    }
}

@Suite struct `What a guest prints` {
    @Test func `is a listing once it is complete`() {
        let half = "boot\r\nGUEST begin\r\nPCI 0000:01:00.0 1b36:0010\r\n"
        #expect(LabGuest.listing(in: half) == nil)
        #expect(LabGuest.listing(in: half + "GUEST end\r\n") == ["PCI 0000:01:00.0 1b36:0010"])
    }

    @Test func `counts by its last listing`() {
        let twice = "PROBE begin\nPCI a\nPROBE end\nx\nPROBE begin\nPCI b\nPROBE end\nPROBE begin\nPCI"
        #expect(LabGuest.listing(in: twice) == ["PCI b"])
    }
}

@Suite struct `Where things are in an emulated host` {
    @Test func `is read from QEMU's buses, bridges and all`() throws {
        let json = """
            [{"bus":0,"devices":[{"bus":0,"slot":3,"function":0,"qdev_id":"port","irq":0,
              "pci_bridge":{"bus":{},"devices":[{"bus":1,"slot":0,"function":1,"qdev_id":"nic"}]}},
              {"bus":0,"slot":31,"function":2,"qdev_id":""}]}]
            """
        let pci = try JSONDecoder().decode(EmulatedPCI.self, from: Data(json.utf8))
        #expect(pci.addresses["nic"] == PCIAddress(bus: 1, slot: 0, function: 1))
        #expect(pci.addresses.count == 2)
    }
}
