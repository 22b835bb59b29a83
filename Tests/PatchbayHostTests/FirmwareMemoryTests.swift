import Foundation
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `What is remembered of the firmware` {
    private let path = "sys/firmware/efi/efivars/BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c"

    private func write(_ bytes: [UInt8], at time: TimeInterval, in tree: SampleTree) throws {
        try tree.file(path, Data(bytes))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: time)], ofItemAtPath: "\(tree.root)/\(path)")
    }

    @Test func `is not read again until it was written`() throws {
        let tree = try SampleTree()
        let firmware = FirmwareMemory()
        func read() throws -> [UInt8]? {
            try HostTree(root: tree.root, firmware: firmware).variable(path, atMost: 64)
        }
        #expect(try read() == nil)
        try write([7, 0, 0, 0, 1, 0], at: 1000, in: tree)
        #expect(try read() == [7, 0, 0, 0, 1, 0])
        try write([7, 0, 0, 0, 2, 0], at: 1000, in: tree)
        #expect(try read() == [7, 0, 0, 0, 1, 0], "nothing says that it was written")
        try write([7, 0, 0, 0, 3, 0], at: 2000, in: tree)
        #expect(try read() == [7, 0, 0, 0, 3, 0])
        try FileManager.default.removeItem(atPath: "\(tree.root)/\(path)")
        #expect(try read() == nil)
        #expect(try HostTree(root: tree.root).variable(path, atMost: 64) == nil)
    }
}
