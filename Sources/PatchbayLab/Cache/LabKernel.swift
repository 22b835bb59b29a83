import Foundation
import PatchbayCore
import PatchbayHost

/// An unpacked kernel package: `boot/vmlinuz-VERSION` and `lib/modules/VERSION/`.
struct LabKernel {
    let tree: String
    let version: String

    init(tree: String) throws(Problem) {
        self.tree = tree
        let versions = try FileManager.default.names(in: "\(tree)/lib/modules")
        guard let version = versions.first else {
            throw Problem(.failed, "There is no kernel in \(tree).")
        }
        self.version = version
    }

    var image: String { "\(tree)/boot/vmlinuz-\(version)" }

    /// Writes the kernel without what unpacks it at each start, which takes two thirds of a start on an emulated processor: an
    /// ELF file that QEMU enters by its PVH note.
    ///
    /// Source: Documentation/arch/x86/boot.rst: `setup_sects`, `payload_offset`, `payload_length`.
    func unpack(to path: String) async throws(Problem) {
        let image = try FileManager.default.read(image)
        let number = { (at: Int) in (0..<4).reduce(0) { $0 | Int(image[at + $1]) << (8 * $1) } }
        guard image.count > 0x250 else { throw Problem(.failed, "\(self.image) is not a kernel.") }
        let begin = (Int(image[0x1f1]) + 1) * 512 + number(0x248)
        let end = begin + number(0x24c)
        guard begin < end, end <= image.count else { throw Problem(.failed, "\(self.image) is not a bzImage.") }
        let payload = Array(image[begin..<end])
        let programs: [([UInt8], String)] = [
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz -dc --single-stream"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd -dc"),
        ]
        guard let program = programs.first(where: { payload.starts(with: $0.0) })?.1 else {
            return try FileManager.default.write(image, to: path)
        }
        let packed = "\(path).packed"
        try FileManager.default.write(payload, to: packed)
        try await Tool.run(["sh", "-c", "\(program) <\"$1\" >\"$2\"", "sh", packed, path])
        try FileManager.default.remove(packed)
    }

    /// The named modules and what they need, each after what it needs. Built-in ones are left out.
    func modules(_ names: [String]) async throws(Problem) -> [(name: String, content: [UInt8])] {
        var paths: [String] = []
        let modprobe = Tool.path(of: "modprobe") ?? "modprobe"
        for name in names {
            let output = try await Tool.run([modprobe, "-d", tree, "-S", version, "--show-depends", name])
            for line in output.text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.first == "insmod", words.count > 1 else { continue }
                if !paths.contains(String(words[1])) { paths.append(String(words[1])) }
            }
        }
        var modules: [(name: String, content: [UInt8])] = []
        for (number, path) in paths.enumerated() {
            let order = String(1000 + number).dropFirst()
            let file = URL(filePath: path).lastPathComponent
            if file.hasSuffix(".xz") {
                let plain = "\(order)-\(file.dropLast(3))"
                let unpacked = "\(NSTemporaryDirectory())patchbay-\(UUID().uuidString).ko"
                try await Tool.run(["sh", "-c", "xz -dc \"$1\" >\"$2\"", "sh", path, unpacked])
                modules.append((plain, try FileManager.default.read(unpacked)))
                try FileManager.default.remove(unpacked)
            } else {
                modules.append(("\(order)-\(file)", try FileManager.default.read(path)))
            }
        }
        return modules
    }
}
