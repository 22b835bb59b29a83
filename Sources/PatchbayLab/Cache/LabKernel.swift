import Foundation
import PatchbayCore

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
