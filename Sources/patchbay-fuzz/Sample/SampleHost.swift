import Foundation
import Glibc

/// A small host with one of everything that a reader looks at: what the cases start from.
struct SampleHost {
    private(set) var files: [(path: String, bytes: [UInt8])] = []
    private(set) var links: [(path: String, target: String)] = []
    private(set) var folders: [String] = []

    /// One corner of a host, which is quicker to read than all of it.
    enum Part: Int, CaseIterable {
        case functions, ports, mediated, storage, network, usb, platform, settings, processes
    }

    /// Nothing yet.
    static let blank = SampleHost(parts: [])

    private init(parts: [Part]) {}

    /// - Parameter part: nil: everything.
    init(_ part: Part? = nil) {
        func has(_ other: Part) -> Bool { part == nil || part == other }
        switch part {
        case nil: addFunctions()
        case .functions: addFunctions(["0000:01:00.0", "0000:01:00.1", "0000:02:00.0", "0000:02:01.0"])
        case .ports: addFunctions(["0000:00:00.0", "0000:00:01.0", "0000:00:02.0", "0000:00:1f.0", "10000:e1:00.0"])
        case .mediated, .processes: addFunctions(["0000:01:00.0"])
        case .storage: addFunctions(["0000:03:00.0"])
        case .network: addFunctions(["0000:02:00.0"])
        case .usb: addFunctions(["0000:00:14.0"])
        case .platform, .settings: folder("sys/bus/pci/devices")
        }
        if has(.functions) { addFunctionExtras() }
        if has(.storage) { addStorage() }
        if has(.network) { addNetwork() }
        if has(.usb) { addUSB() }
        if has(.mediated) { addMediated() }
        if has(.platform) { addPlatform() }
        if has(.processes) { addProcesses() }
        if has(.processes) || part == .storage { addMounts() }
        if has(.settings) {
            addSystem()
            addSettings()
        }
    }

    mutating func file(_ path: String, _ text: String) { files.append((path, Array(text.utf8))) }
    mutating func file(_ path: String, _ bytes: [UInt8]) { files.append((path, bytes)) }
    mutating func folder(_ path: String) { folders.append(path) }

    /// A link to another path of the tree, by way of its root.
    mutating func link(_ path: String, to target: String) {
        let up = String(repeating: "../", count: path.split(separator: "/").count - 1)
        links.append((path, up + target))
    }

    /// A link whose text is given, as those below `proc/<pid>/fd` are.
    mutating func rawLink(_ path: String, to target: String) { links.append((path, target)) }

    /// `modalias=…` lines: each `name=content` becomes a file of the directory.
    mutating func attributes(_ directory: String, _ lines: String) {
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            file("\(directory)/\(parts[0])", "\(parts.count > 1 ? parts[1] : "")\n")
        }
    }

    /// Makes the tree below an existing directory.
    func make(below root: String) throws {
        var made = MadeFolders(root: root)
        for folder in folders { try made.make(folder) }
        for (path, bytes) in files {
            try made.makeParent(of: path)
            guard TreeFiles.write("\(root)/\(path)", bytes) else { throw CocoaError(.fileWriteUnknown) }
        }
        for (path, target) in links {
            try made.makeParent(of: path)
            guard symlink(target, "\(root)/\(path)") == 0 || errno == EEXIST else {
                throw CocoaError(.fileWriteFileExists)
            }
        }
    }
}

/// The folders of a tree that is being made: each is asked for once, however many files are in it.
private struct MadeFolders {
    let root: String
    private var paths: Set<Substring> = [""]

    init(root: String) { self.root = root }

    mutating func make(_ path: String) throws { try make(path[...]) }

    mutating func makeParent(of path: String) throws { try make(Self.parent(path[...])) }

    private mutating func make(_ path: Substring) throws {
        guard !paths.contains(path) else { return }
        try make(Self.parent(path))
        guard mkdir("\(root)/\(path)", 0o755) == 0 || errno == EEXIST else { throw CocoaError(.fileWriteUnknown) }
        paths.insert(path)
    }

    private static func parent(_ path: Substring) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
    }
}
