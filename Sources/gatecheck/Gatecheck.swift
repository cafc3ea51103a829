@main struct Gatecheck { static func main() {} }
