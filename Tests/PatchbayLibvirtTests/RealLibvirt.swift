import Foundation
import Glibc

@testable import PatchbayLibvirt

/// A libvirt daemon of the test's own, with real QEMU under it, that touches nothing of this machine's.
///
/// It runs in a mount namespace where its folders are empty memory file systems; its socket, its log and the guests' images
/// are in a temporary folder.
final class RealLibvirt {
    let folder: String
    private var daemon: Process?

    var uri: String { "qemu:///system?socket=\(folder)/libvirt-sock" }
    var hypervisor: LibvirtHypervisor { LibvirtHypervisor(uri: uri, logFolder: folder) }

    /// What it needs that is not here; nil: nothing.
    static let missing: String? = {
        if ProcessInfo.processInfo.environment["PATCHBAY_LAB"] != "1" { return "only with PATCHBAY_LAB=1 (make test)" }
        if geteuid() != 0 { return "needs root, for a daemon in folders of its own" }
        let programs = ["/usr/sbin/libvirtd", "/usr/bin/qemu-system-x86_64", "/usr/bin/unshare"]
        let absent = programs.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        return absent.isEmpty
            ? nil : "missing: \(absent.joined(separator: ", ")) (apt install libvirt-daemon-system qemu-system-x86)"
    }()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pb-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let configuration = """
            auth_unix_ro = "none"
            auth_unix_rw = "none"
            unix_sock_dir = "\(folder)"
            log_outputs = "3:file:\(folder)/libvirtd.log"

            """
        try configuration.write(toFile: folder + "/libvirtd.conf", atomically: false, encoding: .utf8)
        try start()
    }

    /// Comes back when the daemon answers.
    func start() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["-m", "/bin/sh", "-ec", Self.script, "sh", folder]
        process.standardError = FileHandle(forWritingAtPath: "/dev/null")
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
        try process.run()
        daemon = process
        let deadline = Date(timeIntervalSinceNow: 60)
        while !answers() {
            guard process.isRunning, Date() < deadline else { throw DaemonFailed(log: log) }
            usleep(50_000)
        }
    }

    /// `stdio_handler`: no log daemon is needed. The rest is what a container has not.
    private static let script = """
        for each in /etc/libvirt /run/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
            mkdir -p $each; mkdir -p "$1$each"; mount --bind "$1$each" $each
        done
        mkdir -p /etc/libvirt/qemu /var/log/libvirt/qemu
        cat > /etc/libvirt/qemu.conf <<'END'
        user = "root"
        group = "root"
        dynamic_ownership = 0
        remember_owner = 0
        security_driver = "none"
        cgroup_controllers = []
        namespaces = []
        seccomp_sandbox = 0
        stdio_handler = "file"
        END
        exec libvirtd -f "$1/libvirtd.conf" -p "$1/pid"
        """

    struct DaemonFailed: Error { var log: String }

    private var log: String { (try? String(contentsOfFile: folder + "/libvirtd.log", encoding: .utf8)) ?? "no log" }

    private func answers() -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: (folder + "/libvirt-sock").utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
        }
    }

    /// As a crash would; guests keep running.
    func kill() {
        guard let daemon else { return }
        Glibc.kill(daemon.processIdentifier, SIGKILL)
        daemon.waitUntilExit()
        self.daemon = nil
    }

    func remove() {
        kill()
        // A guest that a failed test left; libvirt writes down its process.
        let guests = FileManager.default.enumerator(atPath: folder + "/run/libvirt")
        for case let name as String in guests ?? .init() where name.hasPrefix("qemu/") && name.hasSuffix(".pid") {
            let text = try? String(contentsOfFile: "\(folder)/run/libvirt/\(name)", encoding: .utf8)
            if let pid = text.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }), pid > 1,
                commandLine(of: pid).contains(folder)
            {
                Glibc.kill(pid, SIGKILL)
            }
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Where the threads of a guest's emulator may run, each list once: `0`, `0-1`.
    func processorLists(ofThreadsOf guest: String) -> Set<String> {
        let text = try? String(contentsOfFile: "\(folder)/run/libvirt/qemu/\(guest).pid", encoding: .utf8)
        guard let pid = text.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) else { return [] }
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return Set(
            threads.flatMap { thread in
                let status = try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/status", encoding: .utf8)
                return (status ?? "").split(separator: "\n").filter { $0.hasPrefix("Cpus_allowed_list:") }
                    .compactMap { $0.split(separator: "\t").last.map { String($0) } }
            })
    }

    private func commandLine(of pid: Int32) -> String {
        (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
    }
}

extension RealLibvirt {
    /// A raw disk with a guest of 103 bytes that says "PATCHBAY GUEST" on its serial console, echoes what it is sent, and
    /// powers off when its power button is pressed or it is sent "q".
    ///
    /// Real-mode code for QEMU's q35: COM1 at 0x3f8; ACPI PM1 status, enable and control at 0x600, 0x602 and 0x604.
    func disk(deaf: Bool = false) throws -> String {
        var code: [UInt8] = [
            0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0,  // cli; ds = ss = 0
            0xbc, 0x00, 0x7c, 0xfc,  // sp = 0x7c00; cld
            0xba, 0x02, 0x06, 0xb8, 0x00, 0x01, 0xef,  // enable the power button: out 0x602, 0x0100
            0xbe, 0x56, 0x7c,  // si = text
            0xac, 0x84, 0xc0, 0x74, 0x05,  // 1: next character; at the end, go to 2
            0xe8, 0x20, 0x00, 0xeb, 0xf6,  // put it; back to 1
            0xba, 0x00, 0x06, 0xed, 0xf6, 0xc4, 0x01, 0x75, 0x24,  // 2: power button pressed? go to 4
            0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xef,  // nothing to read? back to 2
            0xba, 0xf8, 0x03, 0xec, 0x3c, 0x71, 0x74, 0x14,  // read it; "q"? go to 4
            0xe8, 0x02, 0x00, 0xeb, 0xe2,  // put it; back to 2
            0x50, 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xfb,  // 3, put: wait until there is room
            0x58, 0xba, 0xf8, 0x03, 0xee, 0xc3,  // write it; return
            0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4, 0xeb, 0xf6,  // 4: sleep state 5: out 0x604, 0x2000; again
        ]
        // A guest that does not listen to its power button: the enable bit stays off.
        if deaf { code[16] = 0x00 }
        code += Array("PATCHBAY GUEST\r\n".utf8) + [0]
        code += [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xaa]
        let path = "\(folder)/disk-\(UUID().uuidString.prefix(8)).raw"
        try Data(code + [UInt8](repeating: 0, count: 1 << 20)).write(to: URL(filePath: path))
        return path
    }
}
